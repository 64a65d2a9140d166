import type { Name } from '../sections/context.ts';
import type { OperationSettings, TemplateOperation, TypeOperation } from '../sections/operations.ts';
import type { Place } from '../source/place.ts';
import type { Schema } from '../sections/schema.ts';
import type { Node } from '../source/node.ts';
import { callNode, callOf } from '../plan/calls.ts';
import { isBasicType } from './basic-types.ts';
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
  if (template.empty) return standing(template, null);
  const own = template.implementation;
  const takesOver =
    type !== undefined && (own === null || own.text === '' || own.text === type.implementation?.text);
  if (!takesOver) return standing(template, own);
  const settings = mergeSettings(template.settings, type.settings);
  const merged = standing({ ...template, settings }, type.implementation);
  return { ...merged, inputs: bindInputs(template.inputs, type, { ...binding, at: template.at }) };
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
  const done = implementation !== null && implementation.text !== '';
  const inputs = done ? bindInputs(new Map(), type, { ...binding, at }) : new Map();
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
  const typed = [...bound].map(([name, value]) => [name, withType(value, type.inputs.get(name))] as const);
  const extra = [...given.values()].filter((one) => !type.inputs.has(one.key));
  return new Map([...typed, ...extra.map((one) => [one.key, one.value] as const)]);
}

function checkMissing(schema: Schema, { owner, at, dataTypes, context }: Binding): void {
  const { name, required, type } = schema;
  // A data type may give a value of its own.
  if (!required || schema.default !== null || (type !== null && dataTypes.has(type.text))) return;
  context.reporter.report('missing-property', at, `${owner} lacks the required \`${name}\`.`);
}

/** What reads an input gives a value of the type that is declared for it. */
function withType(value: Node, schema: Schema | undefined): Node {
  const call = callOf(value);
  if (call === null || call.type !== null || schema?.type == null) return value;
  return isBasicType(schema.type.text) ? callNode({ ...call, type: schema.type.text }) : value;
}

function standing(template: TemplateOperation, implementation: Name | null): Operation {
  const { name, at, settings } = template;
  const inputs = [...template.inputs.values()].map((one) => [one.key, one.value] as const);
  return { name, at, implementation: implementation ?? nothing(at), settings, inputs: new Map(inputs) };
}

function mergeSettings(over: OperationSettings, under: OperationSettings): OperationSettings {
  return {
    executor: over.executor ?? under.executor,
    maxRetries: over.maxRetries ?? under.maxRetries,
    retryInterval: over.retryInterval ?? under.retryInterval,
    timeout: over.timeout ?? under.timeout,
    timeoutRecoverable: over.timeoutRecoverable ?? under.timeoutRecoverable,
  };
}
