import { printable, printableJson } from '../contracts/printable.ts';
import { withStyles } from './style.ts';

/** What commands write to, and nothing beside it: whatever a text is made of, a terminal shows it and obeys none of it. */
export type Terminal = {
  readonly write: (text: string) => void;
  readonly line: (text: string) => void;
  /** One value, as JSON of several lines. */
  readonly value: (value: unknown) => void;
};

export const standardOutput = terminalOn(process.stdout);
export const standardError = terminalOn(process.stderr);

/** Without what would move, colour, hide or reorder, but for the styles of our own. */
export function shown(text: string): string {
  return withStyles(printable(text));
}

function terminalOn(stream: NodeJS.WriteStream): Terminal {
  return {
    write: (text) => void stream.write(shown(text)),
    line: (text) => void stream.write(`${shown(text)}\n`),
    value: (value) => void stream.write(`${printableJson(JSON.stringify(value, null, 2))}\n`),
  };
}
