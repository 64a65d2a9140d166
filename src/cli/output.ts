import { standardError, standardOutput } from './terminal.ts';

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
};

export function createOutput(json: boolean): Output {
  return {
    json,
    interactive: process.stdout.isTTY && !json,
    line: (text = '') => {
      if (!json) standardOutput.line(text);
    },
    note: standardError.line,
    value: (value) => {
      if (json) standardOutput.value(value);
    },
  };
}
