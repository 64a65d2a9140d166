import { createLogUpdate } from 'log-update';
import { shown } from './terminal.ts';

/** Draws on standard output, over what it has drawn before. */
export function createRedraw(): (text: string) => void {
  const update = createLogUpdate(process.stdout);
  return (text) => update(shown(text));
}
