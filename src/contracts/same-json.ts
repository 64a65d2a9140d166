import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Deep equality of JSON values; the order of keys does not count. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => sameJson(value, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** The names in a patch whose values are not held yet; null is held where nothing is. */
export function changedNames(held: JsonObject, patch: JsonObject): readonly string[] {
  return Object.keys(patch).filter((name) => !sameJson(held[name] ?? null, patch[name]));
}
