import { isJsonObject, type Json } from '../../contracts/json.ts';
import { asJson, Deferred, isValueList, isValueMap, type Value } from '../../contracts/sealed.ts';
import { EvaluationError } from './evaluation-error.ts';
import { kindOf } from './kind.ts';
import { asCall, type FunctionCall, mayHoldFunctions } from './names.ts';
import { isPath, itemOf, type Path, showPath } from './path.ts';
import { isPure, pureFunctions } from './pure.ts';
import type { Found, Reference, RuntimeScope } from './scope.ts';
import { partOfSecret, secretRead } from './secrets.ts';
import { asText } from './text.ts';

const deepest = 50;

/**
 * Evaluates what the compiler had to leave of a blueprint's text. Secrets stay unread, and so does a pure function
 * around one: `resolveSecrets` ends them inside the activity. What is observed is data, whatever it looks like.
 * Throws EvaluationError.
 */
export function evaluate(text: Json, scope: RuntimeScope): Value {
  return evaluateAt(text, scope, 0);
}

function evaluateAt(text: Json, scope: RuntimeScope, depth: number): Value {
  if (depth > deepest) throw new EvaluationError(`Functions lead to functions more than ${deepest} times.`);
  const call = asCall(text);
  if (call !== null) return evaluateCall(call, scope, depth);
  if (Array.isArray(text)) return text.map((item: Json) => evaluateAt(item, scope, depth));
  if (!isJsonObject(text)) return text;
  return Object.fromEntries(Object.entries(text).map(([key, item]) => [key, evaluateAt(item, scope, depth)]));
}

function evaluateCall(call: FunctionCall, scope: RuntimeScope, depth: number): Value {
  if (call.name === 'get_secret') refuseComputedName(call.argument, scope);
  const argument = evaluateAt(call.argument, scope, depth + 1);
  const known = asJson(argument);
  if (known === undefined) {
    if (isPure(call.name)) return new Deferred({ call: call.name, argument });
    throw new EvaluationError(`An argument of ${call.name} must not be a secret.`);
  }
  if (call.name === 'get_secret') return secretRead(known, scope.secretName ?? ((name) => name));
  return isPure(call.name) ? pureFunctions[call.name](known) : impure(call.name, known, scope, depth);
}

/** Who may answer, or offer an output, must not choose which secret is read. */
function refuseComputedName(argument: Json, scope: RuntimeScope): void {
  if (scope.computedSecretNames === true || !mayHoldFunctions(argument)) return;
  throw new EvaluationError(
    'The name of a secret must be in the blueprint or an input of it, not what is only known at run time.',
  );
}

function impure(name: FunctionCall['name'], argument: Json, scope: RuntimeScope, depth: number): Value {
  const again = (found: Found, reference: Reference): Value =>
    'value' in found ? found.value : evaluateAt(rebindSelf(found.text, reference), scope, depth + 1);
  switch (name) {
    case 'get_attribute': {
      const { first, path } = place(name, argument);
      return fetch(path, (steps) => again(scope.attribute(first, steps), first)) ?? null;
    }
    case 'get_property': {
      const { first, path } = place(name, argument);
      const found = fetch(path, (steps) => {
        const text = scope.property(first, steps);
        return text === undefined ? undefined : again({ text }, first);
      });
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
      const found = scope.capability(first, path);
      return 'value' in found ? found.value : evaluateAt(found.text, scope, depth + 1);
    }
    case 'get_attributes_list': {
      const { first, path } = place(name, argument);
      return Object.values(scope.attributes(first, path)).map((found) => again(found, first));
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
  again: (found: Found, reference: Reference) => Value,
): Value {
  const items = Array.isArray(argument) ? argument : [];
  const [node, ...wanted] = items;
  if (typeof node !== 'string' || wanted.length === 0) {
    throw new EvaluationError('get_attributes_dict takes a node and at least one attribute.');
  }
  const result: Record<string, Record<string, Value>> = {};
  const names = new Set<string>();
  for (const path of wanted.map((one: Json) => (Array.isArray(one) ? one : [one]))) {
    if (!isPath(path)) throw new EvaluationError('An attribute of get_attributes_dict must be a path.');
    const name = path.join('.');
    if (names.has(name)) throw new EvaluationError(`get_attributes_dict asks for ${name} twice.`);
    names.add(name);
    for (const [instance, found] of Object.entries(scope.attributes(node, path))) {
      (result[instance] ??= {})[name] = again(found, node);
    }
  }
  return result;
}

/** Where nothing is found at the path itself, it may lead through a function. */
function fetch(path: Path, get: (path: Path) => Value | undefined): Value | undefined {
  const whole = get(path);
  if ((whole !== undefined && whole !== null) || path.length < 2) return whole;
  const base = get(path.slice(0, 1));
  if (base === undefined || base === null) return whole;
  return followValue(base, path.slice(1)) ?? whole;
}

/** The value at a path, through secrets too; undefined when there is none. Throws EvaluationError as `follow` does. */
export function followValue(start: Value, path: Path): Value | undefined {
  let here: Value | undefined = start;
  for (const [index, step] of path.entries()) {
    if (here instanceof Deferred) return partOfSecret(here, path.slice(index));
    if (here === undefined || (!isValueList(here) && !isValueMap(here))) return undefined;
    here = itemOf<Value>(here, step);
  }
  return here;
}

function input(argument: Json): { readonly first: string; readonly path: Path } {
  const [first, ...path] = Array.isArray(argument) ? argument : [argument];
  if (typeof first !== 'string' || !isPath(path)) {
    throw new EvaluationError(`get_input takes a name, or a list of it and a path, not ${kindOf(argument)}.`);
  }
  return { first, path };
}

function place(name: string, argument: Json): { readonly first: string; readonly path: Path } {
  const [first, ...path] = Array.isArray(argument) ? argument : [];
  if (first === undefined || path.length === 0 || !isPath(path)) {
    throw new EvaluationError(`${name} takes a list of a name and a path, not ${kindOf(argument)}.`);
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
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rebindSelf(item, owner)]));
}
