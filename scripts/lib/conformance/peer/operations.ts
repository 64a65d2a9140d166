import type { Json, JsonObject } from '../../../../src/contracts/json.ts';
import { mayHoldFunctions, type Model } from '../../../../src/language/index.ts';
import type { StaticScope } from '../../../../src/language/plan/static.ts';
import { resolveImplementation } from '../../../../src/language/plan/implementations.ts';
import { child, toJson } from '../../../../src/language/source/node.ts';
import type { Operation } from '../../../../src/language/types/merge-operation.ts';
import type { View } from './view.ts';

/** Operations by full name, and by their own name where that is not shared. */
export function operationsOf(
  names: Iterable<string>,
  operations: readonly Operation[],
  scope: StaticScope,
  model: Model,
  view: View,
): JsonObject {
  const byName = new Map(operations.map((one) => [one.name, one]));
  const full = [...new Set([...names, ...byName.keys()])].map((name) => {
    const operation = byName.get(name);
    return [name, operation === undefined ? nothing : operationOf(operation, scope, model, view)] as const;
  });
  const short = new Map<string, Json | null>();
  for (const [name, operation] of full) {
    const own = name.slice(name.lastIndexOf('.') + 1);
    short.set(own, short.has(own) ? null : operation);
  }
  const unique = [...short].filter(([, operation]) => operation !== null);
  return Object.fromEntries([...full, ...unique]);
}

const nothing: JsonObject = {
  plugin: '',
  operation: '',
  executor: null,
  inputs: {},
  has_intrinsic_functions: false,
  max_retries: null,
  retry_interval: null,
  timeout: null,
  timeout_recoverable: null,
};

function operationOf(operation: Operation, scope: StaticScope, model: Model, view: View): JsonObject {
  const implementation = resolveImplementation(operation, 'unknown-plugin', model.resolver);
  if (implementation === null) return nothing;
  const { plugin, operation: name, script } = implementation.mapping;
  const { executor, maxRetries, retryInterval, timeout, timeoutRecoverable } = operation.settings;
  const inputs = view.values(operation.inputs, scope);
  return {
    plugin: plugin.name,
    operation: name,
    executor: executor?.text ?? (script === null ? plugin.executor : 'auto'),
    inputs: script === null ? inputs : { ...inputs, [script.input]: script.value },
    has_intrinsic_functions: view.planned && Object.values(inputs).some(mayHoldFunctions),
    max_retries: maxRetries,
    retry_interval: retryInterval,
    timeout,
    timeout_recoverable: timeoutRecoverable,
    ...typesOf(operation),
  };
}

/** The types that inputs tell beside their functions. */
function typesOf({ inputs }: Operation): JsonObject {
  const types = [...inputs].flatMap(([name, value]) => {
    const type = value.kind === 'map' ? child(value, 'type') : null;
    return type === null ? [] : [[name, toJson(type)] as const];
  });
  return types.length === 0 ? {} : { inputs_types: Object.fromEntries(types) };
}
