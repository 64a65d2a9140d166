import type { Name } from '../sections/context.ts';
import type { OperationSettings, TemplateOperation, TypeOperation } from '../sections/operations.ts';
import type { Place } from '../source/place.ts';
import type { Node } from '../source/node.ts';
import { bindValues, type Binding } from './values.ts';

/** An operation as a node or relationship has it at last. */
export type Operation = {
  readonly name: string;
  readonly at: Place;
  readonly implementation: Name;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly settings: OperationSettings;
};

/** What a template makes of its type's operation; null when there is nothing to be done. */
export function mergeOperation(
  template: TemplateOperation | undefined,
  type: TypeOperation | undefined,
  binding: Omit<Binding, 'at'>,
): Operation | null {
  if (template === undefined) return type === undefined ? null : inherited(type, binding);
  if (template.empty) return null;
  const own = template.implementation;
  const takesOver =
    type !== undefined && (own === null || own.text === '' || own.text === type.implementation?.text);
  if (!takesOver) return standing(template, own);
  const settings = mergeSettings(template.settings, type.settings);
  const merged = standing({ ...template, settings }, type.implementation);
  return merged && { ...merged, inputs: bindInputs(template.inputs, type, { ...binding, at: template.at }) };
}

function inherited(type: TypeOperation, binding: Omit<Binding, 'at'>): Operation | null {
  if (type.implementation === null || type.implementation.text === '') return null;
  const { name, at, implementation, settings } = type;
  return { name, at, implementation, settings, inputs: bindInputs(new Map(), type, { ...binding, at }) };
}

/** Inputs that the type does not define are the template's own affair. */
function bindInputs(
  given: TemplateOperation['inputs'],
  type: TypeOperation,
  binding: Binding,
): ReadonlyMap<string, Node> {
  const defined = new Map([...given].filter(([name]) => type.inputs.has(name)));
  const bound = bindValues(defined, type.inputs, binding);
  const extra = [...given.values()].filter((one) => !type.inputs.has(one.key));
  return new Map([...bound, ...extra.map((one) => [one.key, one.value] as const)]);
}

function standing(template: TemplateOperation, implementation: Name | null): Operation | null {
  if (implementation === null || implementation.text === '') return null;
  const { name, at, settings } = template;
  const inputs = [...template.inputs.values()].map((one) => [one.key, one.value] as const);
  return { name, at, implementation, settings, inputs: new Map(inputs) };
}

function mergeSettings(over: OperationSettings, under: OperationSettings): OperationSettings {
  return {
    executor: over.executor ?? under.executor,
    maxRetries: over.maxRetries ?? under.maxRetries,
    retryInterval: over.retryInterval ?? under.retryInterval,
    timeout: over.timeout ?? under.timeout,
  };
}
