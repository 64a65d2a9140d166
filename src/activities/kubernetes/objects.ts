import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';

/** Any object of the Kubernetes API, as its JSON says, nothing dropped and nothing converted. */
export type KubeObject = JsonObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string };
};

/** What an object is found by again. `namespace` is null for what belongs to the whole cluster. */
export type ObjectReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

export function referenceOf(object: KubeObject): ObjectReference {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: text(object, 'metadata', 'namespace') ?? null,
    name: object.metadata.name,
  };
}

/** `ReplicationController:default/router`, as runtime properties and errors name it. */
export function nameOf(reference: ObjectReference): string {
  const place = reference.namespace === null ? '' : `${reference.namespace}/`;
  return `${reference.kind}:${place}${reference.name}`;
}

/** The value at a path of keys; undefined where there is none. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let here = value;
  for (const key of path) {
    if (typeof key === 'number') here = Array.isArray(here) ? (here as readonly Json[])[key] : undefined;
    else here = isJsonObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}

export function text(value: Json | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function count(value: Json | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The objects of the list at a path; empty where there is none. */
export function list(value: Json | undefined, ...path: readonly (string | number)[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]).filter(isJsonObject) : [];
}

/** A copy with the value at a path of keys replaced; objects on the way are made where there are none. */
export function withValue(object: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const below = at(object, key);
  const replaced = rest.length === 0 ? value : withValue(isJsonObject(below) ? below : {}, rest, value);
  return { ...object, [key]: replaced };
}

/** Not longer than so; for what others wrote and people are to read. */
export function shortened(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most)}…`;
}

export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isJsonObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJsonObject(value.metadata) &&
    typeof value.metadata.name === 'string'
  );
}
