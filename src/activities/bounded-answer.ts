import { failure } from '../contracts/failure.ts';

/** `what` completes «asked to …». */
export function answersTooMuch(who: string, what: string, limit: number): Error {
  return failure(
    'AnswerUnusable',
    `${who} answered more than ${bytes(limit)} when asked to ${what}; the rest was not read.`,
  );
}

export function notUnderstood(who: string, what: string): Error {
  return failure('AnswerUnusable', `${who} answered what is not understood when asked to ${what}.`);
}

/** Characters of what a host said that an error tells. */
const mostWords = 2_000;

/** How a text of a host ends, for an error. */
export function lastWords(text: string): string {
  return text.trim().slice(-mostWords);
}

function bytes(count: number): string {
  return count >= 1024 * 1024 ? `${count / 1024 / 1024} MiB` : `${count / 1024} KiB`;
}
