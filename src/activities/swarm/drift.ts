import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { holdsOwnKeys } from './docker-keys.ts';

/**
 * Where two specifications of a service differ, as paths (`TaskTemplate.ContainerSpec.Env`), never values:
 * these may hold secrets. What Docker adds by itself is no difference; what a person added is.
 */
export function differences(wanted: JsonObject, live: JsonObject): readonly string[] {
  return compare(canonical(wanted), canonical(live), '');
}

/** Whether a task was made from this template: then its container is what the service asks for. */
export function sameTemplate(one: Json | undefined, other: Json | undefined): boolean {
  return compare(canonical(one ?? {}, true), canonical(other ?? {}, true), '').length === 0;
}

/** What Docker fills in where nothing is said. `ForceUpdate` only counts how often a restart was asked for. */
const defaults: Readonly<Record<string, readonly Json[]>> = {
  isolation: ['default'],
  runtime: ['container'],
  protocol: ['tcp'],
  publishmode: ['ingress'],
  failureaction: ['pause'],
  order: ['stop-first'],
};

/** Keys in lower case and sorted, lists whose order says nothing sorted, what is empty or a default left out. */
function canonical(value: Json, keepForceUpdate = false): Json {
  if (Array.isArray(value)) return value.map((element: Json) => canonical(element, keepForceUpdate));
  if (!isJsonObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const name = key.toLowerCase();
    if (name === 'forceupdate' && !keepForceUpdate) continue;
    const settled = holdsOwnKeys(key) ? inner : sortedList(name, canonical(inner, keepForceUpdate));
    if (isEmpty(settled) || defaults[name]?.some((known) => known === settled)) continue;
    entries.push([name, settled]);
  }
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const unordered: ReadonlySet<string> = new Set([
  'env',
  'ports',
  'constraints',
  'mounts',
  'networks',
  'secrets',
]);

function sortedList(name: string, value: Json): Json {
  if (!unordered.has(name) || !Array.isArray(value)) return value;
  return value.toSorted((a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function compare(wanted: Json | undefined, live: Json | undefined, path: string): readonly string[] {
  if (JSON.stringify(wanted) === JSON.stringify(live)) return [];
  const left = wanted ?? {};
  const right = live ?? {};
  if (!isJsonObject(left) || !isJsonObject(right)) return [path];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return keys.flatMap((key) => compare(left[key], right[key], path === '' ? key : `${path}.${key}`));
}
