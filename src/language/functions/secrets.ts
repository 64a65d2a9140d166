import { isJsonObject, type Json } from '../../contracts/json.ts';
import { EvaluationError } from './evaluation-error.ts';
import { asCall } from './names.ts';
import { follow, isPath, type Path, showPath } from './path.ts';
import { isPure, pureFunctions } from './pure.ts';

export function readsSecret(value: Json): boolean {
  if (Array.isArray(value)) return value.some(readsSecret);
  if (!isJsonObject(value)) return false;
  return asCall(value)?.name === 'get_secret' || Object.values(value).some(readsSecret);
}

/** The function that reads a part of the secret, when the value is one; null when it is not. */
export function secretWithPath(value: Json, path: Path): Json | null {
  const call = asCall(value);
  if (call?.name !== 'get_secret') return null;
  const key = Array.isArray(call.argument) ? call.argument : [call.argument];
  const whole = [...key, ...path];
  return { get_secret: whole.length === 1 ? (whole[0] ?? null) : whole };
}

/**
 * Replaces `get_secret` and the functions around it by their values. For use inside an activity: the
 * result must not leave it. `get` reads a secret by name; each is read once.
 */
export async function resolveSecrets(value: Json, get: (name: string) => Promise<string>): Promise<Json> {
  const known = new Map<string, string>();
  for (const name of secretNames(value)) known.set(name, await get(name));
  return replace(value, known);
}

/** The names of the secrets that a value reads, each once. */
export function secretNames(value: Json): readonly string[] {
  const names = new Set<string>();
  collect(value, names);
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

function replace(value: Json, known: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item: Json) => replace(item, known));
  if (!isJsonObject(value)) return value;
  const call = asCall(value);
  if (call?.name === 'get_secret') return readSecret(call.argument, known);
  if (call !== null && isPure(call.name)) return pureFunctions[call.name](replace(call.argument, known));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, known)]));
}

function readSecret(argument: Json, known: ReadonlyMap<string, string>): Json {
  const { name, path } = secretReference(argument);
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

/** Null: it is computed, or none; reading it tells the latter. */
function nameIn(argument: Json): string | null {
  const name = Array.isArray(argument) ? argument[0] : argument;
  return typeof name === 'string' ? name : null;
}

function secretReference(argument: Json): { readonly name: string; readonly path: Path } {
  const [name, ...path] = Array.isArray(argument) ? argument : [argument];
  if (typeof name !== 'string' || !isPath(path)) {
    throw new EvaluationError('get_secret takes a name, or a list of a name and a path.');
  }
  return { name, path };
}
