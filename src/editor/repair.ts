import { parseDocument } from 'yaml';
import { cut, type Piece } from '../language/source/cut.ts';

/** How often one piece is tried; what is still wrong then is left out as a whole. */
const tries = 5;

/**
 * A text with the lines left blank that keep it from being YAML, so that the rest can be understood. Places
 * stay where they are.
 */
export function repaired(text: string): string {
  const pieces = cut(text)?.flatMap(({ head, rows }) => [head, ...(rows ?? [])]) ?? [
    { start: 0, end: text.length },
  ];
  return pieces.map(({ start, end }: Piece) => repairedPiece(text.slice(start, end))).join('');
}

function repairedPiece(piece: string): string {
  let text = piece;
  for (let count = 0; count < tries; count += 1) {
    const error = firstError(text);
    if (error === null) return text;
    text = withoutLine(text, error);
  }
  return firstError(text) === null ? text : blank(text);
}

function firstError(text: string): number | null {
  try {
    const { errors } = parseDocument(text, { version: '1.1', schema: 'failsafe', uniqueKeys: false });
    return errors[0]?.pos[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}

/** The line of the error; what is not closed is told at its end, so the last line before that has anything. */
function withoutLine(text: string, error: number): string {
  let end = text.indexOf('\n', error);
  if (end < 0) end = text.length;
  let start = text.lastIndexOf('\n', end - 1) + 1;
  while (start > 0 && text.slice(start, end).trim() === '') {
    end = start - 1;
    start = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
  }
  return text.slice(0, start) + blank(text.slice(start, end)) + text.slice(end);
}

function blank(text: string): string {
  return text.replaceAll(/[^\r\n]/g, ' ');
}
