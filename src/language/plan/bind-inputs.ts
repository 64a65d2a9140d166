import type { Json, JsonObject } from '../../contracts/json.ts';
import { createReporter } from '../diagnostics/reporter.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { mayHoldFunctions } from '../functions/names.ts';
import type { Context } from '../sections/context.ts';
import type { Schema } from '../sections/schema.ts';
import { child, entry, fromJson, isNull, mapNode, type Node, scalarNode } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { isObjectType, mismatch } from '../types/basic-types.ts';
import { checkConstraints, checkPatterns } from '../types/constraints.ts';
import { createPatterns, type Patterns } from '../types/patterns.ts';
import type { Resolved } from '../types/resolve.ts';
import { type Binding, bindValues, type Codes } from '../types/values.ts';
import { asFunction, holdsCalls } from './calls.ts';
import { correctType } from './correct-type.ts';

export type InputBinding = {
  readonly schemas: ReadonlyMap<string, Schema>;
  /** Null: only validate, so that inputs without a default have no value and that is no error. */
  readonly given: JsonObject | null;
  /** Whether a text becomes the number or boolean that the type wants. */
  readonly correctTypes: boolean;
  readonly dataTypes: ReadonlyMap<string, Resolved>;
  /** Where is told what belongs to no input. */
  readonly top: Place;
  readonly context: Context;
};

type Inputs = InputBinding & { readonly patterns: Patterns };

/** The values of the blueprint's inputs: those given, else the defaults. */
export function bindInputs(options: InputBinding): ReadonlyMap<string, Node> {
  const binding: Inputs = { ...options, patterns: createPatterns() };
  const { schemas, given, patterns, context } = binding;
  reportUnknown(binding);
  const values = new Map<string, Node>();
  for (const schema of schemas.values()) {
    checkPatterns(schema.name, schema.constraints, context, patterns);
    checkNullDefault(schema, binding);
    const fallback = schema.default === null ? null : bindOne(schema.default, schema, {}, binding);
    const value = given !== null && Object.hasOwn(given, schema.name) ? given[schema.name] : undefined;
    if (value !== undefined) {
      if (!context.compat) refuseFunctions(value, schema, context);
      const node = fromJson(binding.correctTypes ? correctType(value, schema.type?.text) : value, schema.at);
      values.set(schema.name, bindOne(node, schema, wrongInput, binding));
    } else {
      const bound = fallback ?? madeOfDefaults(schema, binding);
      if (bound !== null) values.set(schema.name, bound);
      else if (given !== null) {
        if (schema.required) reportMissing(schema, context);
        values.set(schema.name, scalarNode(null, schema.at));
      }
    }
  }
  return values;
}

/** Only the text of a blueprint has functions. */
function refuseFunctions(value: Json, { name, at }: Schema, context: Context): void {
  if (!mayHoldFunctions(value)) return;
  const message = `The value given for the input \`${name}\` holds a function, such as get_secret. Inputs are data.`;
  context.reporter.report('function-in-input', at, message);
}

/** All that is wrong with the type of a value that was given is one mistake. */
const wrongInput: Codes = {
  'wrong-type': 'wrong-input',
  'unknown-property': 'wrong-input',
  'missing-property': 'wrong-input',
};

function bindOne(value: Node, schema: Schema, codes: Codes, binding: Inputs): Node {
  checkItems(value, schema, binding);
  const bound = bindType(value, schema, codes, binding, binding.context);
  return bound ?? value;
}

function bindType(
  value: Node,
  schema: Schema,
  codes: Codes,
  { dataTypes }: InputBinding,
  context: Context,
): Node | undefined {
  const { name, at } = schema;
  const strict: Binding = { owner: 'The input', at, mayMiss: false, dataTypes, context, codes };
  const values = bindValues(
    new Map([[name, entry(name, value)]]),
    new Map([[name, { ...schema, default: null }]]),
    strict,
  );
  return values.get(name);
}

/** An input of a data type needs no value when every property of the type has a default. */
function madeOfDefaults(schema: Schema, binding: InputBinding): Node | null {
  if (schema.type === null || !binding.dataTypes.has(schema.type.text)) return null;
  const trial = { ...binding.context, reporter: createReporter() };
  const made = bindType(mapNode([], schema.at), schema, {}, binding, trial);
  const empty = made === undefined || (made.kind === 'map' && made.entries.size === 0);
  return trial.reporter.failed() || empty ? null : made;
}

/** A default of null is none, but the peer wants it to fulfil the constraints. */
function checkNullDefault(schema: Schema, binding: Inputs): void {
  const written = schema.body.kind === 'map' ? child(schema.body, 'default') : null;
  if (binding.context.compat && written !== null && isNull(written)) checkItems(written, schema, binding);
}

/** The constraints of a list whose items have a type are for the items. */
function checkItems(value: Node, schema: Schema, binding: Inputs): void {
  const { name, constraints, itemType, type } = schema;
  const typed = itemType !== null && type?.text === 'list' && value.kind === 'list';
  if (!typed) return checkConstrained(name, value, schema, schema.type?.text ?? null, binding);
  for (const [index, item] of value.items.entries()) {
    // The peer takes a function among the items for a map.
    const judged = binding.context.compat || asFunction(item) === null;
    const problem = judged ? mismatch(item, itemType.text) : null;
    if (problem !== null) {
      binding.context.reporter.report('wrong-type', item.at, `\`${name}[${index}]\` ${problem}.`);
    } else checkConstrained(`${name}[${index}]`, item, { constraints }, itemType.text, binding);
  }
}

function checkConstrained(
  name: string,
  value: Node,
  { constraints }: Pick<Schema, 'constraints'>,
  type: string | null,
  { context, patterns }: Inputs,
): void {
  if (context.compat && type !== null && isObjectType(type)) {
    const message = `\`${name}\` is of the type ${type}, whose values only a manager knows.`;
    context.reporter.report('constraint-broken', value.at, message);
  }
  if (constraints.length === 0) return;
  if (asFunction(value) !== null) {
    const message = `\`${name}\` has constraints, so its value must not be a function.`;
    context.reporter.report('function-not-allowed', value.at, message);
  } else if (context.compat || !holdsCalls(value))
    checkConstraints(name, value, constraints, type, context, patterns);
}

function reportMissing(schema: Schema, context: Context): void {
  const message = `The input \`${schema.name}\` is required but was not given.`;
  context.reporter.report('missing-input', schema.at, message);
}

function reportUnknown({ schemas, given, top, context }: InputBinding): void {
  for (const name of Object.keys(given ?? {}).filter((one) => !schemas.has(one))) {
    const message = `The input \`${name}\` was given, but the blueprint does not declare it.`;
    context.reporter.report('unknown-input', top, message, didYouMean(name, schemas.keys()));
  }
}
