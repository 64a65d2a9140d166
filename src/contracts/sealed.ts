import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Keys and indices that lead into a value. */
export type Steps = readonly (string | number)[];

/**
 * JSON, but where secrets belong: there is what is to be read. Only Braid's own code makes a `Deferred`; whatever is
 * parsed, received or observed is JSON, and JSON never holds one, however it is spelt.
 */
export type Value = string | number | boolean | null | Deferred | readonly Value[] | ValueMap;
export type ValueMap = { readonly [key: string]: Value };

/** A class, since no JSON is ever an instance of one. */
export class Deferred {
  readonly read: SecretRead;
  constructor(read: SecretRead) {
    this.read = read;
  }
}

/** A secret or, with a path, a part of one that is JSON; or a pure function of the language around some. */
export type SecretRead =
  | { readonly secret: string; readonly path: Steps }
  | { readonly call: string; readonly argument: Value };

/**
 * How a value travels and is kept: JSON, and beside it which secrets belong where. What `data` has there is for people
 * alone, and is never read.
 */
export type Sealed<Data extends Json = Json> = {
  readonly data: Data;
  readonly secrets: readonly SecretPlace[];
};

export type SecretPlace = { readonly at: Steps; readonly read: SealedRead };

type SealedRead =
  | { readonly secret: string; readonly path: Steps }
  | { readonly call: string; readonly argument: Sealed };

/** The reference to a secret. */
export function secretReference(name: string): Deferred {
  return new Deferred({ secret: name, path: [] });
}

export function isValueMap(value: Value): value is ValueMap {
  return isJsonObject(value) && !(value instanceof Deferred);
}

export function isValueList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function holdsSecrets(value: Value): boolean {
  if (value instanceof Deferred) return true;
  if (isValueList(value)) return value.some(holdsSecrets);
  return isValueMap(value) && Object.values(value).some(holdsSecrets);
}

/** The same value, when it holds no secret. */
export function asJson(value: Value): Json | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without secrets a value is JSON
  return holdsSecrets(value) ? undefined : (value as Json);
}

export function seal(value: ValueMap): Sealed<JsonObject>;
export function seal(value: Value): Sealed;
export function seal(value: Value): Sealed {
  const secrets: SecretPlace[] = [];
  return { data: sealedAt(value, [], secrets), secrets };
}

function sealedAt(value: Value, at: Steps, secrets: SecretPlace[]): Json {
  if (value instanceof Deferred) {
    secrets.push({ at, read: sealedRead(value.read) });
    return asWritten(value);
  }
  if (isValueList(value)) return value.map((item, index) => sealedAt(item, [...at, index], secrets));
  if (!isValueMap(value)) return value;
  return mapOf(value, (item, key) => sealedAt(item, [...at, key], secrets));
}

function sealedRead(read: SecretRead): SealedRead {
  return 'secret' in read ? read : { call: read.call, argument: seal(read.argument) };
}

/** The same with every secret written as a blueprint would: for people, and for whoever must not have the value. */
export function asWritten(value: ValueMap): JsonObject;
export function asWritten(value: Value): Json;
export function asWritten(value: Value): Json {
  if (value instanceof Deferred) {
    const { read } = value;
    if ('call' in read) return { [read.call]: asWritten(read.argument) };
    return { get_secret: read.path.length === 0 ? read.secret : [read.secret, ...read.path] };
  }
  if (isValueList(value)) return value.map((item) => asWritten(item));
  return isValueMap(value) ? mapOf(value, (item) => asWritten(item)) : value;
}

export function unseal(sealed: Sealed<JsonObject>): ValueMap;
export function unseal(sealed: Sealed): Value;
export function unseal({ data, secrets }: Sealed): Value {
  return secrets.length === 0 ? data : withSecrets(data, secrets);
}

/** A place that leads nowhere is none. */
function withSecrets(data: Json, secrets: readonly SecretPlace[]): Value {
  const here = secrets.find(({ at }) => at.length === 0);
  if (here !== undefined) return new Deferred(unsealedRead(here.read));
  const inside = (item: Json, step: string | number): Value => {
    const within = secrets.filter(({ at }) => at[0] === step);
    if (within.length === 0) return item;
    return withSecrets(
      item,
      within.map(({ at, read }) => ({ at: at.slice(1), read })),
    );
  };
  if (Array.isArray(data)) return data.map(inside);
  return isJsonObject(data) ? mapOf(data, inside) : data;
}

function unsealedRead(read: SealedRead): SecretRead {
  return 'secret' in read ? read : { call: read.call, argument: unseal(read.argument) };
}

function mapOf<From, To>(
  map: { readonly [key: string]: From },
  change: (item: From, key: string) => To,
): { readonly [key: string]: To } {
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, change(item, key)]));
}
