import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { EvaluationError } from './evaluation-error.ts';
import { asText } from './text.ts';

/** The functions that need nothing but their arguments. Each throws EvaluationError on wrong ones. */
export const pureFunctions = {
  concat: (argument: Json) => list('concat', argument).map(asText).join(''),
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

function merge(argument: Json): Json {
  return Object.fromEntries(list('merge', argument).flatMap((part) => Object.entries(dictionary(part))));
}

function dictionary(part: Json): JsonObject {
  if (!isJsonObject(part))
    throw new EvaluationError(`Illegal argument of merge: ${asText(part)} is not a dict.`);
  return part;
}

function replace(argument: Json): Json {
  const [text, wanted, by] = texts('string_replace', argument, 3, 4);
  const count = optionalInteger('string_replace', 'count', argument, 3);
  if (count === null) return text.split(wanted).join(by);
  const parts = text.split(wanted);
  const kept = parts.slice(0, count + 1).join(by);
  return parts.length > count + 1 ? [kept, ...parts.slice(count + 1)].join(wanted) : kept;
}

function split(argument: Json): Json {
  const [text, separator] = texts('string_split', argument, 2, 3);
  const index = optionalInteger('string_split', 'index', argument, 2);
  const parts = text.split(separator);
  if (index === null) return parts;
  const part = parts.at(index);
  if (part === undefined) throw new EvaluationError(`string_split: there is no part ${index} of «${text}».`);
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
  throw new EvaluationError(`The argument of ${name} must be a text, not ${asText(argument)}.`);
}

function optionalInteger(name: string, what: string, argument: Json, at: number): number | null {
  const value = list(name, argument)[at];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new EvaluationError(`The ${what} of ${name} must be an integer.`);
  }
  return value;
}
