import { isJsonObject, type Json } from '../../contracts/json.ts';

/**
 * Every function of the language. `since`: the first DSL version (its minor number) that has it.
 * `stage`: `static` ones are evaluated by the compiler, `runtime` ones just before an operation, `pure`
 * ones as soon as their arguments are known.
 */
export const functionTable = {
  get_input: { since: 0, stage: 'static' },
  get_property: { since: 0, stage: 'static' },
  get_attribute: { since: 0, stage: 'runtime' },
  get_attributes_list: { since: 0, stage: 'runtime' },
  get_attributes_dict: { since: 0, stage: 'runtime' },
  get_secret: { since: 0, stage: 'runtime' },
  get_capability: { since: 0, stage: 'runtime' },
  get_group_capability: { since: 0, stage: 'runtime' },
  get_environment_capability: { since: 0, stage: 'runtime' },
  get_label: { since: 0, stage: 'runtime' },
  get_sys: { since: 0, stage: 'runtime' },
  get_consumers: { since: 0, stage: 'runtime' },
  concat: { since: 1, stage: 'pure' },
  merge: { since: 3, stage: 'pure' },
  string_find: { since: 0, stage: 'pure' },
  string_replace: { since: 0, stage: 'pure' },
  string_split: { since: 0, stage: 'pure' },
  string_lower: { since: 0, stage: 'pure' },
  string_upper: { since: 0, stage: 'pure' },
} as const satisfies Record<string, { since: number; stage: 'static' | 'runtime' | 'pure' }>;

export type FunctionName = keyof typeof functionTable;
export const functionNames: readonly string[] = Object.keys(functionTable);

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functionTable, name);
}

export type FunctionCall = { readonly name: FunctionName; readonly argument: Json };

/** The call that a value is, or null when it is data: one known key, or that and `type`. */
export function asCall(value: Json): FunctionCall | null {
  if (!isJsonObject(value)) return null;
  const name = functionKey(Object.keys(value));
  return name === null ? null : { name, argument: value[name] ?? null };
}

/** Of two functions in one map, the peer takes the last. */
export function functionKey(keys: Iterable<string>): FunctionName | null {
  let last: FunctionName | null = null;
  let count = 0;
  // Asked of every map there is, so that nothing is made on the way.
  for (const key of keys) {
    count += 1;
    if (count > 2) return null;
    if (key === 'type') continue;
    if (!isFunctionName(key)) return null;
    last = key;
  }
  return last;
}

export function mayHoldFunctions(value: Json): boolean {
  if (Array.isArray(value)) return value.some(mayHoldFunctions);
  if (!isJsonObject(value)) return false;
  return asCall(value) !== null || Object.values(value).some(mayHoldFunctions);
}
