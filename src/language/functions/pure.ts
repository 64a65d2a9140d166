import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { EvaluationError } from './evaluation-error.ts';
import { kindOf } from './kind.ts';
import { asText } from './text.ts';

/** The functions that need nothing but their arguments. Each throws EvaluationError on wrong ones. */
export const pureFunctions = {
  concat,
  merge,
  string_find: (argument: Json) => {
    const [text, wanted] = texts('string_find', argument, 2, 2);
    return text.indexOf(wanted);
  },
  string_replace: replace,
  string_split: split,
  string_lower: (argument: Json) => single('string_lower', argument).toLowerCase(),
  string_upper: (argument: Json) => single('string_upper', argument).toUpperCase(),
} as const;

export type PureName = keyof typeof pureFunctions;

export function isPure(name: string): name is PureName {
  return Object.hasOwn(pureFunctions, name);
}

/** In characters. */
const longestText = 10_000_000;

function concat(argument: Json): Json {
  const parts = list('concat', argument).map(asText);
  checkLength(
    'concat',
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  return parts.join('');
}

function checkLength(name: string, length: number): void {
  if (length <= longestText) return;
  throw new EvaluationError(`${name} would give a text of more than ${longestText} characters.`);
}

function merge(argument: Json): Json {
  return Object.fromEntries(list('merge', argument).flatMap((part) => Object.entries(dictionary(part))));
}

function dictionary(part: Json): JsonObject {
  if (!isJsonObject(part))
    throw new EvaluationError(`Illegal argument of merge: ${kindOf(part)} is not a dict.`);
  return part;
}

/** As Python's `replace`: nothing is found before each character and at the end, and -1 is no limit. */
function replace(argument: Json): Json {
  const [text, wanted, by] = texts('string_replace', argument, 3, 4);
  const count = optionalInteger('string_replace', 'count', argument, 3);
  const parts = wanted === '' ? ['', ...Array.from(text), ''] : text.split(wanted);
  checkLength('string_replace', text.length + (parts.length - 1) * by.length);
  if (count === null || count < 0) return parts.join(by);
  const kept = parts.slice(0, count + 1).join(by);
  return parts.length > count + 1 ? [kept, ...parts.slice(count + 1)].join(wanted) : kept;
}

function split(argument: Json): Json {
  const [text, separator] = texts('string_split', argument, 2, 3);
  if (separator === '') throw new EvaluationError('The separator of string_split must not be empty.');
  const index = optionalInteger('string_split', 'index', argument, 2);
  const parts = text.split(separator);
  if (index === null) return parts;
  const part = parts.at(index);
  if (part === undefined)
    throw new EvaluationError(`string_split: there is no part ${index}; there are ${parts.length}.`);
  return part;
}

function list(name: string, argument: Json): readonly Json[] {
  if (!Array.isArray(argument)) throw new EvaluationError(`The argument of ${name} must be a list.`);
  return argument;
}

function texts(name: string, argument: Json, least: number, most: number): readonly [string, string, string] {
  const items = list(name, argument);
  if (items.length < least || items.length > most) {
    const count = least === most ? `${least}` : `${least} or ${most}`;
    throw new EvaluationError(`${name} takes ${count} arguments, not ${items.length}.`);
  }
  const text = (item: Json | undefined) => (item === undefined ? '' : single(name, item));
  return [text(items[0]), text(items[1]), text(least > 2 ? items[2] : undefined)];
}

function single(name: string, argument: Json): string {
  if (typeof argument === 'string') return argument;
  throw new EvaluationError(`The argument of ${name} must be a text, not ${kindOf(argument)}.`);
}

function optionalInteger(name: string, what: string, argument: Json, at: number): number | null {
  const value = list(name, argument)[at];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new EvaluationError(`The ${what} of ${name} must be an integer.`);
  }
  return value;
}
