import { failure } from '../contracts/failure.ts';
import { parseJson } from '../contracts/json.ts';

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

/** Honest answers are nested a few levels; what reads them goes down a level a call. */
const deepest = 200;

/** JSON from outside. Undefined: the text is no JSON, or nested deeper than 200 levels. */
export function parseAnswer(text: string): unknown {
  return isTooDeep(text) ? undefined : parseJson(text);
}

/** A character after the other: a pattern would begin anew at every quote of a text that does not end. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') at += 1;
    else if (!quoted && (character === '[' || character === '{')) depth += 1;
    else if (!quoted && (character === ']' || character === '}')) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
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
