import { isJsonObject, type Json } from '../../contracts/json.ts';
import { EvaluationError } from './evaluation-error.ts';

export type Path = readonly (string | number)[];

/**
 * The value at a path of keys and indices, or undefined when there is none. Throws EvaluationError for a key
 * where there is a list.
 */
export function follow(value: Json, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path) {
    if (!Array.isArray(here) && !isJsonObject(here)) return undefined;
    here = itemOf<Json>(here, step);
  }
  return here;
}

/** The item of a list or a map. Throws EvaluationError for a key where there is a list. */
export function itemOf<Item>(
  value: readonly Item[] | { readonly [key: string]: Item },
  step: string | number,
): Item | undefined {
  if (isList(value)) {
    if (typeof step === 'number') return Number.isInteger(step) ? value.at(step) : undefined;
    throw new EvaluationError(`There is a list where ${step} is looked for; give the number of an item.`);
  }
  return Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
}

function isList<Item>(value: readonly Item[] | { readonly [key: string]: Item }): value is readonly Item[] {
  return Array.isArray(value);
}

/** A path as people write it: `a.b[0]`. */
export function showPath(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}

export function isPath(value: readonly Json[]): value is Path {
  return value.every((step) => typeof step === 'string' || typeof step === 'number');
}
