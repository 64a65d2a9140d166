import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from '../../../src/contracts/json.ts';
import type { Check, Step } from './case.ts';

/** Those checks that a value does not pass. The order of a list is not looked at where the steps are into one. */
export function failedChecks(value: Json, checks: readonly Check[]): readonly Check[] {
  return groupsByItem(checks).flatMap((group) => failedTogether(value, group));
}

/**
 * Checks that look into the same item of the same list belong together: one item must pass them all, but
 * which one is not told, since the order of lists is not part of the contract.
 */
function groupsByItem(checks: readonly Check[]): readonly (readonly Check[])[] {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const at = check.path.findIndex((step) => typeof step === 'number');
    const key =
      at < 0 || !isUnordered(check.path.slice(0, at)) ? '' : JSON.stringify(check.path.slice(0, at + 1));
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups.values()];
}

const unordered = ['nodes', 'node_instances', 'relationships', 'plugins'];

function isUnordered(path: readonly Step[]): boolean {
  const named = path.filter((step) => typeof step === 'string').at(-1);
  return named !== undefined && (unordered.includes(named) || named.endsWith('plugins_to_install'));
}

function failedTogether(value: Json, checks: readonly Check[]): readonly Check[] {
  const failed = checks.filter((check) => !passes(value, check));
  const [first] = failed;
  const at = first?.path.findIndex((step) => typeof step === 'number') ?? -1;
  if (first === undefined || at < 0 || !isUnordered(first.path.slice(0, at))) return failed;
  const list = valueAt(value, first.path.slice(0, at));
  const items = Array.isArray(list) ? list : [];
  const some = items.some((item) =>
    checks.every((check) => holds(check, valueAt(item, check.path.slice(at + 1)))),
  );
  return some ? [] : failed;
}

function passes(value: Json, check: Check): boolean {
  return holds(check, valueAt(value, check.path));
}

export function valueAt(value: Json, path: readonly Step[]): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path) here = here === undefined ? undefined : next(here, step);
  return here;
}

function next(value: Json, step: Step): Json | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined;
  if (typeof step === 'string') {
    return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  if ('#' in step) return lengthOf(value);
  const wanted = Object.entries(step.where);
  if (!Array.isArray(value)) return undefined;
  return value.filter(
    (item: Json) => isJsonObject(item) && wanted.every(([key, one]) => isDeepStrictEqual(item[key], one)),
  );
}

function lengthOf(value: Json): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : undefined;
}

function holds({ op, value: wanted }: Check, found: Json | undefined): boolean {
  switch (op) {
    case 'eq':
      return isDeepStrictEqual(found ?? null, wanted);
    case 'contains':
      return contains(found, wanted);
    case 'lacks':
      return found !== undefined && !contains(found, wanted);
    case 'true':
      return found !== undefined && isTruthy(found);
    case 'false':
      return found === undefined || !isTruthy(found);
    case 'isnone':
      return found === undefined || found === null;
    case 'notnone':
      return found !== undefined && found !== null;
    case 'ne':
      return !isDeepStrictEqual(found, wanted);
    default:
      throw new Error(`There is no check «${op}».`);
  }
}

function contains(found: Json | undefined, wanted: Json): boolean {
  if (typeof found === 'string') return typeof wanted === 'string' && found.includes(wanted);
  if (Array.isArray(found)) return found.some((item: Json) => isDeepStrictEqual(item, wanted));
  return isJsonObject(found ?? null) && typeof wanted === 'string' && Object.hasOwn(Object(found), wanted);
}

function isTruthy(value: Json): boolean {
  return typeof value === 'object' && value !== null ? lengthOf(value) !== 0 : Boolean(value);
}
