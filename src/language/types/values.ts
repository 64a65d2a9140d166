import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { didYouMean, type Hint } from '../diagnostics/suggest.ts';
import { asFunction, callOf } from '../plan/calls.ts';
import type { Context } from '../sections/context.ts';
import type { Entries } from '../sections/node-templates.ts';
import type { Schema } from '../sections/schema.ts';
import { entry, isNull, type MapNode, mapNode, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { mismatch } from './basic-types.ts';
import type { Resolved } from './resolve.ts';

/** By what is wrong. */
export type Codes = Partial<Record<Mistake, DiagnosticCode>>;
type Mistake = 'wrong-type' | 'unknown-property' | 'missing-property' | 'external-by-function';

export type Binding = {
  /** Whose values these are, for messages: `the node template \`vm\`` */
  readonly owner: string;
  /** Where a missing value is to be told. */
  readonly at: Place;
  /** Whether a required value may be missing. */
  readonly mayMiss: boolean;
  readonly dataTypes: ReadonlyMap<string, Resolved>;
  readonly context: Context;
  /** Whether null is a value of every type. */
  readonly nullable?: boolean;
  /** Under which codes mistakes are told instead of their own. */
  readonly codes?: Codes;
};

/** The values that a thing has, given ones over the defaults of its schemas. Functions are not checked. */
export function bindValues(
  given: Entries,
  schemas: ReadonlyMap<string, Schema>,
  binding: Binding,
): ReadonlyMap<string, Node> {
  reportUnknown(given, schemas, binding);
  const values = new Map<string, Node>();
  const inner = { ...binding, mayMiss: binding.mayMiss || isExternal(given, schemas, binding) };
  for (const schema of schemas.values()) {
    const value = bindOne(given.get(schema.name)?.value ?? null, schema, inner);
    if (value !== null) values.set(schema.name, value);
  }
  return values;
}

/** What exists already need not be described. */
function isExternal(given: Entries, schemas: ReadonlyMap<string, Schema>, binding: Binding): boolean {
  const key = 'use_external_resource';
  const value = given.get(key)?.value ?? schemas.get(key)?.default ?? null;
  if (value === null) return false;
  if (asFunction(value) !== null) {
    const message = `${key} of ${lower(binding.owner)} must be true or false, not a function.`;
    report('external-by-function', value.at, message, binding);
  }
  return value.kind === 'scalar' ? Boolean(value.value) : true;
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function reportUnknown(given: Entries, schemas: ReadonlyMap<string, Schema>, binding: Binding): void {
  for (const { key, keyAt } of given.values()) {
    if (schemas.has(key)) continue;
    const message = `${binding.owner} has \`${key}\`, which its type does not define.`;
    report('unknown-property', keyAt, message, binding, didYouMean(key, schemas.keys()));
  }
}

/** Checks a schema's default, which its type must allow. */
export function checkDefault(schema: Schema, binding: Binding): void {
  if (schema.default !== null) checkValue(schema.default, null, schema, schema.name, binding);
}

function bindOne(given: Node | null, schema: Schema, binding: Binding): Node | null {
  const fallback = defaultOf(schema, binding);
  if (given !== null) return checkValue(given, fallback, schema, schema.name, binding);
  if (fallback !== null && (schema.default !== null || isWanted(schema, binding))) {
    return checkValue(fallback, fallback, schema, schema.name, binding);
  }
  if (fallback !== null) return fallback;
  if (schema.required && !binding.mayMiss) {
    const message = `${binding.owner} lacks the required \`${schema.name}\`.`;
    report('missing-property', binding.at, message, binding);
  }
  return null;
}

/** The schema's default; that of a data type is made of the defaults of its properties. */
export function defaultOf(schema: Schema, binding: Binding): Node | null {
  const lenient = { ...binding, mayMiss: true };
  const own = schema.default;
  if (own !== null && isNull(own) && (binding.nullable === true || !isData(schema, binding))) return own;
  if (own !== null && !isNull(own)) return checkValue(own, null, schema, schema.name, lenient);
  const inner = schema.type === null ? undefined : binding.dataTypes.get(schema.type.text);
  if (inner === undefined) return null;
  const made = checkFields(mapNode([], binding.at), null, inner, schema.name, lenient);
  return made.entries.size === 0 && !isWanted(schema, binding) ? null : made;
}

/** The peer makes a value of a data type also where none is required. */
function isWanted({ required }: Schema, { context }: Binding): boolean {
  return required || context.compat;
}

function isData({ type }: Schema, { dataTypes }: Binding): boolean {
  return type !== null && dataTypes.has(type.text);
}

function checkValue(
  value: Node,
  fallback: Node | null,
  schema: Schema,
  path: string,
  binding: Binding,
): Node {
  if (callOf(value) !== null || (binding.nullable === true && isNull(value))) return value;
  return checkType(value, fallback, schema.type?.text ?? null, path, binding);
}

function checkType(
  value: Node,
  fallback: Node | null,
  type: string | null,
  path: string,
  binding: Binding,
): Node {
  if (type === null) return value;
  const dataType = binding.dataTypes.get(type);
  if (dataType === undefined) {
    const problem = mismatch(value, type);
    if (problem !== null) report('wrong-type', value.at, `\`${path}\` ${problem}.`, binding);
    return value;
  }
  if (value.kind === 'map') return checkFields(value, fallback, dataType, path, binding);
  const message = `\`${path}\` must be a map with the properties of ${type}.`;
  report('wrong-type', value.at, message, binding);
  return value;
}

/** A value of a data type: what is given, over the schema's default, over the data type's own defaults. */
function checkFields(
  value: MapNode,
  fallback: Node | null,
  type: Resolved,
  path: string,
  binding: Binding,
): MapNode {
  const under = fallback !== null && fallback.kind === 'map' ? fallback.entries : new Map();
  const given: Entries = new Map([...under, ...value.entries]);
  const at = value.at === binding.at ? binding.at : value.at;
  const owner = `\`${path}\``;
  const named: Binding = { ...binding, owner, at };
  const fields = { ...named, mayMiss: named.mayMiss || isExternal(given, type.properties, named) };
  reportUnknown(value.entries, type.properties, fields);
  const entries = [...type.properties.values()].flatMap((schema) => {
    const found = given.get(schema.name);
    const bound = bindField(found?.value ?? null, schema, `${path}.${schema.name}`, fields);
    return bound === null ? [] : [entry(schema.name, bound, found?.keyAt)];
  });
  return mapNode(entries, value.at);
}

function bindField(given: Node | null, schema: Schema, path: string, binding: Binding): Node | null {
  const fallback = defaultOf(schema, binding);
  if (given !== null) return checkValue(given, fallback, schema, path, binding);
  if (fallback !== null && isNull(fallback)) return checkValue(fallback, null, schema, path, binding);
  if (fallback !== null) return fallback;
  if (schema.required && !binding.mayMiss) {
    const message = `${binding.owner} lacks the required \`${schema.name}\`.`;
    report('missing-property', binding.at, message, binding);
  }
  return null;
}

function report(
  mistake: Mistake,
  at: Place,
  message: string,
  binding: Binding,
  hint: Hint | null = null,
): void {
  binding.context.reporter.report(binding.codes?.[mistake] ?? mistake, at, message, hint);
}
