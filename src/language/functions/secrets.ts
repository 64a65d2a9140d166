import { isJsonObject, type Json } from '../../contracts/json.ts';
import {
  Deferred,
  holdsSecrets,
  isValueList,
  isValueMap,
  type Steps,
  type Value,
} from '../../contracts/sealed.ts';
import { EvaluationError } from './evaluation-error.ts';
import { asCall } from './names.ts';
import { follow, isPath, showPath } from './path.ts';
import { isPure, pureFunctions } from './pure.ts';

/** A part of the secret that a value is; undefined: it is none, or its parts cannot be told. */
export function partOfSecret(value: Value, path: Steps): Value | undefined {
  if (!(value instanceof Deferred) || !('secret' in value.read)) return undefined;
  const { secret, path: before } = value.read;
  return new Deferred({ secret, path: [...before, ...path] });
}

/** What `get_secret` with that argument reads. Throws EvaluationError when it names none. */
export function secretRead(argument: Json, named: (name: string) => string): Deferred {
  const [name, ...path] = Array.isArray(argument) ? argument : [argument];
  if (typeof name !== 'string' || !isPath(path)) {
    throw new EvaluationError('get_secret takes a name, or a list of a name and a path.');
  }
  return new Deferred({ secret: named(name), path });
}

/**
 * Puts secrets, and the functions around them, in. For use inside an activity: the result must not leave it. `get`
 * reads a secret by name; each is read once. `made` is told every text that is a secret, a part of one, or was made
 * from some, and by what it is read where it is all of that. Throws EvaluationError.
 */
export async function resolveSecrets(
  value: Value,
  get: (name: string) => Promise<string>,
  made: Made = () => undefined,
): Promise<Json> {
  const known = new Map<string, string>();
  for (const name of namesIn(value)) known.set(name, await get(name));
  return resolved(value, known, made);
}

type Made = (text: string, read: Deferred | undefined) => void;

function resolved(value: Value, known: ReadonlyMap<string, string>, made: Made): Json {
  if (value instanceof Deferred) {
    // The whole secret too, where only a part of it is wanted: errors may quote more.
    if ('secret' in value.read) made(known.get(value.read.secret) ?? '', undefined);
    const result = valueOf(value, known, made);
    if (typeof result === 'string') made(result, value);
    else for (const text of textsIn(result)) made(text, undefined);
    return result;
  }
  if (isValueList(value)) return value.map((item) => resolved(item, known, made));
  if (!isValueMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, known, made)]));
}

function valueOf({ read }: Deferred, known: ReadonlyMap<string, string>, made: Made): Json {
  if ('secret' in read) return readSecret(read, known);
  if (!isPure(read.call)) throw new EvaluationError(`${read.call} cannot be evaluated here.`);
  return pureFunctions[read.call](resolved(read.argument, known, made));
}

/** The secrets that a value reads, each once. */
function namesIn(value: Value): readonly string[] {
  return [...new Set(everyName(value))];
}

function everyName(value: Value): readonly string[] {
  if (value instanceof Deferred) {
    return 'secret' in value.read ? [value.read.secret] : everyName(value.read.argument);
  }
  if (!holdsSecrets(value)) return [];
  if (isValueList(value)) return value.flatMap(everyName);
  return isValueMap(value) ? Object.values(value).flatMap(everyName) : [];
}

/** A number as it is written. Keys are no secrets: they are the words of whoever reads one. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function readSecret(
  { secret: name, path }: { readonly secret: string; readonly path: Steps },
  known: ReadonlyMap<string, string>,
): Json {
  const secret = known.get(name) ?? '';
  if (path.length === 0) return secret;
  const part = follow(parsed(name, secret), path);
  if (part === undefined) throw new EvaluationError(`The secret ${name} has nothing at ${showPath(path)}.`);
  return part;
}

function parsed(name: string, secret: string): Json {
  try {
    const value: Json = JSON.parse(secret);
    return value;
  } catch {
    // The parser's own message would quote the secret.
    throw new EvaluationError(`The secret ${name} is not JSON, so no part of it can be read.`);
  }
}

/** The names that the text of a blueprint reads, each once; not those that are computed. */
export function secretNames(text: Json): readonly string[] {
  const names = new Set<string>();
  collect(text, names);
  return [...names];
}

function collect(value: Json, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
  } else if (isJsonObject(value)) {
    const call = asCall(value);
    const name = call?.name === 'get_secret' ? nameIn(call.argument) : null;
    if (name !== null) names.add(name);
    else for (const item of Object.values(value)) collect(item, names);
  }
}

/** Null: it is computed, or none; reading it tells the latter. */
function nameIn(argument: Json): string | null {
  const name = Array.isArray(argument) ? argument[0] : argument;
  return typeof name === 'string' ? name : null;
}
