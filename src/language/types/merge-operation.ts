import type { Context, Name } from '../sections/context.ts';
import type { OperationSettings, TemplateOperation, TypeOperation } from '../sections/operations.ts';
import type { Place } from '../source/place.ts';
import type { Schema } from '../sections/schema.ts';
import type { Node } from '../source/node.ts';
import { typedInputs } from './typed-inputs.ts';
import { bindValues, type Binding, type Codes } from './values.ts';

/** An operation as a node or relationship has it at last. */
export type Operation = {
  readonly name: string;
  readonly at: Place;
  /** An empty text: nothing is to be done. */
  readonly implementation: Name;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly settings: OperationSettings;
};

/** What a template makes of its type's operation; null when neither says anything. */
export function mergeOperation(
  template: TemplateOperation | undefined,
  type: TypeOperation | undefined,
  binding: Omit<Binding, 'at'>,
): Operation | null {
  if (template === undefined) return type === undefined ? null : inherited(type, binding);
  const { context } = binding;
  if (template.empty) return standing(template, null, context);
  const own = template.implementation;
  const takesOver =
    type !== undefined && (own === null || own.text === '' || own.text === type.implementation?.text);
  if (!takesOver) return standing(template, own, context);
  const settings = mergeSettings(template.settings, type.settings);
  const { name, at, inputs } = template;
  const implementation = type.implementation ?? nothing(at);
  return { name, at, implementation, settings, inputs: bindInputs(inputs, type, { ...binding, at }) };
}

/** What a derived type says of an operation replaces all that was said of it before. */
export function mergeTypeOperation(
  derived: TypeOperation | undefined,
  base: TypeOperation | undefined,
): TypeOperation | undefined {
  return derived ?? base;
}

function inherited(type: TypeOperation, binding: Omit<Binding, 'at'>): Operation {
  const { name, at, implementation, settings } = type;
  // What is never done needs no inputs, but the peer asks for them.
  const needed = binding.context.compat || (implementation !== null && implementation.text !== '');
  const inputs = needed ? bindInputs(new Map(), type, { ...binding, at }) : new Map();
  return { name, at, implementation: implementation ?? nothing(at), settings, inputs };
}

function nothing(at: Place): Name {
  return { text: '', at };
}

const onlyWarn: Codes = { 'wrong-type': 'operation-input-type', 'unknown-property': 'operation-input-type' };

/** Inputs that the type does not define are the template's own affair. */
function bindInputs(
  given: TemplateOperation['inputs'],
  type: TypeOperation,
  binding: Binding,
): ReadonlyMap<string, Node> {
  const defined = new Map([...given].filter(([name]) => type.inputs.has(name)));
  for (const schema of type.inputs.values()) if (!defined.has(schema.name)) checkMissing(schema, binding);
  const bound = bindValues(defined, type.inputs, {
    ...binding,
    mayMiss: true,
    nullable: true,
    codes: onlyWarn,
  });
  const { context } = binding;
  const extra = valuesOf(given).filter(([name]) => !type.inputs.has(name));
  const all = context.compat ? asTold(given, bound, type) : new Map([...bound, ...extra]);
  return typedInputs(all, type.inputs, context);
}

/** The peer leaves what a template gives as it is, and makes nothing of what has no default. */
function asTold(
  given: TemplateOperation['inputs'],
  bound: ReadonlyMap<string, Node>,
  type: TypeOperation,
): ReadonlyMap<string, Node> {
  const defaults = [...bound].filter(([name]) => (type.inputs.get(name)?.default ?? null) !== null);
  return new Map([...defaults, ...valuesOf(given)]);
}

function valuesOf(given: TemplateOperation['inputs']): readonly (readonly [string, Node])[] {
  return [...given.values()].map(({ key, value }) => [key, value] as const);
}

/** The peer wants a value even of what is not required, and knows none but defaults. */
function checkMissing(schema: Schema, { owner, at, dataTypes, context }: Binding): void {
  const { name, required, type } = schema;
  // A data type may give a value of its own.
  const excused = !context.compat && (!required || (type !== null && dataTypes.has(type.text)));
  if (schema.default !== null || excused) return;
  context.reporter.report('missing-property', at, `${owner} lacks the required \`${name}\`.`);
}

function standing(template: TemplateOperation, implementation: Name | null, context: Context): Operation {
  const { name, at, settings } = template;
  const inputs = typedInputs(new Map(valuesOf(template.inputs)), noSchemas, context);
  return { name, at, implementation: implementation ?? nothing(at), settings, inputs };
}

const noSchemas: ReadonlyMap<string, Schema> = new Map();

function mergeSettings(over: OperationSettings, under: OperationSettings): OperationSettings {
  return {
    executor: over.executor ?? under.executor,
    maxRetries: over.maxRetries ?? under.maxRetries,
    retryInterval: over.retryInterval ?? under.retryInterval,
    timeout: over.timeout ?? under.timeout,
    timeoutRecoverable: over.timeoutRecoverable ?? under.timeoutRecoverable,
  };
}
