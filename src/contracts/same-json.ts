import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { Sealed } from './sealed.ts';

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

/**
 * The names in a patch whose values are not held yet; null is held where nothing is. What is written like a reference
 * to a secret is none.
 */
export function changedProperties(held: Sealed<JsonObject>, patch: Sealed<JsonObject>): readonly string[] {
  return Object.keys(patch.data).filter(
    (name) =>
      !sameJson(held.data[name] ?? null, patch.data[name]) ||
      !sameJson(placesIn(held, name), placesIn(patch, name)),
  );
}

function placesIn({ secrets }: Sealed, name: string): Json {
  return Object.fromEntries(
    secrets.filter(({ at }) => at[0] === name).map((place) => [JSON.stringify(place.at), place.read]),
  );
}
