import type { Retry } from '../../client/retries.ts';
import { count } from './count.ts';

/** `traffic.probe failed 3 times and is tried again: Unreachable: …` */
export function retryText({ implementation, failed, reason }: Retry): string {
  const times = failed === 1 ? 'once' : count(failed, 'time');
  const indented = reason.trimEnd().replaceAll('\n', '\n      ');
  return `${implementation} failed ${times} and is tried again: ${indented}`;
}
