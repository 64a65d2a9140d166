import type { Failed } from './exit.ts';
import { errorStyle } from './style.ts';
import { failureLines } from './view/failure.ts';

/** Says why a command failed: to people on standard error, with `json` as the one value of standard output. */
export function tellFailure(failed: Failed, json: boolean): void {
  if (json) {
    const { code, message, remedy, details } = failed;
    process.stdout.write(`${JSON.stringify({ error: { code, message, remedy, details } }, null, 2)}\n`);
    return;
  }
  for (const line of failureLines(failed, errorStyle)) process.stderr.write(`${line}\n`);
}
