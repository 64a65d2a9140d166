import { type FunctionName, functionTable } from '../language/functions/names.ts';
import { type ArgumentOf, functionHelp } from './grammar/functions.ts';
import type { Shape } from './grammar/shape.ts';
import type { Path } from './grammar/walk.ts';

/** The function around a place, as a value of it may be. */
export type Around = {
  readonly name: FunctionName;
  /** What the place names. */
  readonly of: ArgumentOf;
  /** Whether the place is in the function's list of arguments already. */
  readonly inList: boolean;
  /** The path of the function's first argument. */
  readonly first: Path;
};

/** Null: the place is no argument of a function. */
export function callAround(path: Path, shapes: readonly Shape[]): Around | null {
  if (!shapes.some(({ kind }) => kind === 'value')) return null;
  const last = path.at(-1);
  const inList = typeof last === 'number';
  const call = inList ? path.slice(0, -1) : path;
  const name = call.at(-1);
  if (typeof name !== 'string' || !isFunction(name)) return null;
  const known = functionHelp[name].arguments;
  const of = known[Math.min(inList ? last : 0, known.length - 1)] ?? 'value';
  return { name, of, inList, first: [...call, 0] };
}

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functionTable, name);
}
