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
      if (!json) process.stdout.write(`${text}\n`);
    },
    note: (text) => process.stderr.write(`${text}\n`),
    value: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}
