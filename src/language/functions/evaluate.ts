import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { EvaluationError } from './evaluation-error.ts';
import { asCall, type FunctionCall } from './names.ts';
import { follow, isPath, type Path, showPath } from './path.ts';
import { isPure, pureFunctions } from './pure.ts';
import { readsSecret, secretWithPath } from './secrets.ts';
import type { Reference, RuntimeScope } from './scope.ts';
import { asText } from './text.ts';

const deepest = 50;

/**
 * Evaluates what the compiler had to leave. `{get_secret: name}` stays, and so does a pure function
 * around one, with its other arguments evaluated: `resolveSecrets` ends it inside the activity.
 * Throws EvaluationError.
 */
export function evaluate(value: Json, scope: RuntimeScope): Json {
  return evaluateAt(value, scope, 0);
}

function evaluateAt(value: Json, scope: RuntimeScope, depth: number): Json {
  if (depth > deepest) throw new EvaluationError(`Functions lead to functions more than ${deepest} times.`);
  const call = asCall(value);
  if (call !== null) return evaluateCall(call, scope, depth);
  if (Array.isArray(value)) return value.map((item: Json) => evaluateAt(item, scope, depth));
  if (isJsonObject(value)) return mapValues(value, (item) => evaluateAt(item, scope, depth));
  return value;
}

function evaluateCall(call: FunctionCall, scope: RuntimeScope, depth: number): Json {
  const argument = evaluateAt(call.argument, scope, depth + 1);
  if (call.name === 'get_secret') return { get_secret: argument };
  if (isPure(call.name)) {
    return readsSecret(argument) ? { [call.name]: argument } : pureFunctions[call.name](argument);
  }
  if (readsSecret(argument)) throw new EvaluationError(`An argument of ${call.name} must not be a secret.`);
  return impure(call.name, argument, scope, depth);
}

function impure(name: FunctionCall['name'], argument: Json, scope: RuntimeScope, depth: number): Json {
  const again = (value: Json, reference: Reference) =>
    evaluateAt(rebindSelf(value, reference), scope, depth + 1);
  switch (name) {
    case 'get_attribute': {
      const { first, path } = place(name, argument);
      return (
        fetch(
          path,
          (steps) => scope.attribute(first, steps),
          (value) => again(value, first),
        ) ?? null
      );
    }
    case 'get_property': {
      const { first, path } = place(name, argument);
      const found = fetch(
        path,
        (steps) => scope.property(first, steps),
        (value) => again(value, first),
      );
      if (found === undefined) throw new EvaluationError(`There is no property ${first}.${showPath(path)}.`);
      return found;
    }
    case 'get_input': {
      const { first, path } = input(argument);
      const found = scope.input?.(first, path);
      if (found === undefined) throw new EvaluationError(`There is no input ${showPath([first, ...path])}.`);
      return evaluateAt(found, scope, depth + 1);
    }
    case 'get_capability': {
      const { first, path } = place(name, argument);
      return evaluateAt(scope.capability(first, path), scope, depth + 1);
    }
    case 'get_attributes_list': {
      const { first, path } = place(name, argument);
      return Object.values(scope.attributes(first, path)).map((value) => again(value, first));
    }
    case 'get_attributes_dict':
      return attributesDict(argument, scope, again);
    default: {
      const found = scope.other?.(name, argument);
      if (found === undefined) throw new EvaluationError(`${name} cannot be evaluated here.`);
      return evaluateAt(found, scope, depth + 1);
    }
  }
}

/** `[node, path, [nested, path], …]` → `{instance: {"path": value, "nested.path": value}}` */
function attributesDict(
  argument: Json,
  scope: RuntimeScope,
  again: (value: Json, reference: Reference) => Json,
): Json {
  const items = Array.isArray(argument) ? argument : [];
  const [node, ...wanted] = items;
  if (typeof node !== 'string' || wanted.length === 0) {
    throw new EvaluationError('get_attributes_dict takes a node and at least one attribute.');
  }
  const result: Record<string, Record<string, Json>> = {};
  const names = new Set<string>();
  for (const path of wanted.map((one: Json) => (Array.isArray(one) ? one : [one]))) {
    if (!isPath(path)) throw new EvaluationError('An attribute of get_attributes_dict must be a path.');
    const name = path.join('.');
    if (names.has(name)) throw new EvaluationError(`get_attributes_dict asks for ${name} twice.`);
    names.add(name);
    for (const [instance, value] of Object.entries(scope.attributes(node, path))) {
      (result[instance] ??= {})[name] = again(value, node);
    }
  }
  return result;
}

function fetch(
  path: Path,
  get: (path: Path) => Json | undefined,
  again: (value: Json) => Json,
): Json | undefined {
  const whole = get(path);
  if ((whole !== undefined && whole !== null) || path.length < 2)
    return whole === undefined ? whole : again(whole);
  const base = get(path.slice(0, 1));
  if (base === undefined || base === null) return whole;
  return followEvaluated(base, path.slice(1), again) ?? whole;
}

/** Follows a path through a value in which functions may stand in the way. */
function followEvaluated(base: Json, path: Path, again: (value: Json) => Json): Json | undefined {
  const value = again(base);
  for (let length = 0; length <= path.length; length += 1) {
    const here = follow(value, path.slice(0, length));
    if (here === undefined) return undefined;
    const secret = secretWithPath(here, path.slice(length));
    if (secret !== null) return secret;
  }
  return follow(value, path);
}

function input(argument: Json): { readonly first: string; readonly path: Path } {
  const [first, ...path] = Array.isArray(argument) ? argument : [argument];
  if (typeof first !== 'string' || !isPath(path)) {
    throw new EvaluationError(`get_input takes a name, or a list of it and a path, not ${asText(argument)}.`);
  }
  return { first, path };
}

function place(name: string, argument: Json): { readonly first: string; readonly path: Path } {
  const [first, ...path] = Array.isArray(argument) ? argument : [];
  if (first === undefined || path.length === 0 || !isPath(path)) {
    throw new EvaluationError(`${name} takes a list of a name and a path, not ${asText(argument)}.`);
  }
  return { first: asText(first), path };
}

const aboutSelf = new Set(['get_attribute', 'get_property', 'get_attributes_list', 'get_attributes_dict']);

/** What another node's value says of SELF is about that node, not about who reads it. */
function rebindSelf(value: Json, owner: Reference): Json {
  if (owner === 'SELF' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => rebindSelf(item, owner));
  const call = asCall(value);
  if (
    call !== null &&
    aboutSelf.has(call.name) &&
    Array.isArray(call.argument) &&
    call.argument[0] === 'SELF'
  ) {
    return { [call.name]: [owner, ...call.argument.slice(1).map((item: Json) => rebindSelf(item, owner))] };
  }
  return isJsonObject(value) ? mapValues(value, (item) => rebindSelf(item, owner)) : value;
}

function mapValues(value: JsonObject, change: (item: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
