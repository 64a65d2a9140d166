import type { Failed } from './exit.ts';
import { errorStyle } from './style.ts';
import { failureLines } from './view/failure.ts';

/** Where a command says things. With `json`, standard output gets one JSON value and nothing else. */
export type Output = {
  readonly json: boolean;
  readonly interactive: boolean;
  /** A line of the result. */
  line(text?: string): void;
  /** A line on the way, to standard error. */
  note(text: string): void;
  /** The result of a command with `json`. */
  value(value: unknown): void;
  failure(failed: Failed): void;
};

export function createOutput(json: boolean): Output {
  return {
    json,
    interactive: process.stdout.isTTY && !json,
    line: (text = '') => {
      if (!json) process.stdout.write(`${text}\n`);
    },
    note: (text) => process.stderr.write(`${text}\n`),
    value: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    failure: (failed) => {
      if (json) {
        const { code, message, remedy, details } = failed;
        process.stdout.write(`${JSON.stringify({ error: { code, message, remedy, details } }, null, 2)}\n`);
        return;
      }
      for (const line of failureLines(failed, errorStyle)) process.stderr.write(`${line}\n`);
    },
  };
}
