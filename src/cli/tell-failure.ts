import type { Failed } from './exit.ts';
import { errorStyle } from './style.ts';
import { standardError, standardOutput } from './terminal.ts';
import { failureLines } from './view/failure.ts';

/** Says why a command failed: to people on standard error, with `json` as the one value of standard output. */
export function tellFailure(failed: Failed, json: boolean): void {
  if (json) {
    const { code, message, remedy, details } = failed;
    standardOutput.value({ error: { code, message, remedy, details } });
    return;
  }
  for (const line of failureLines(failed, errorStyle)) standardError.line(line);
}
