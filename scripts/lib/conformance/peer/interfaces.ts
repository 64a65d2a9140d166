import type { JsonObject } from '../../../../src/contracts/json.ts';
import { createReporter } from '../../../../src/language/diagnostics/reporter.ts';
import type { Model } from '../../../../src/language/index.ts';
import type { StaticScope } from '../../../../src/language/plan/static.ts';
import type { Operations } from '../../../../src/language/sections/operations.ts';
import type { Schema } from '../../../../src/language/sections/schema.ts';
import type { Entry } from '../../../../src/language/source/node.ts';
import { mergeOperation, type Operation } from '../../../../src/language/types/merge-operation.ts';
import { asWritten, type View } from './view.ts';

/** Operations by interface, as types and templates together define them; those that do nothing too. */
export function interfacesOf(
  template: Operations<Entry>,
  type: Operations<Schema>,
  scope: StaticScope,
  { types, resolver }: Model,
  view: View,
): JsonObject {
  const context = { ...resolver.context, reporter: createReporter() };
  const binding = { owner: '', mayMiss: true, dataTypes: types.dataTypes, context };
  const interfaces: Record<string, Record<string, JsonObject>> = {};
  for (const name of new Set([...type.keys(), ...template.keys()])) {
    const operation = mergeOperation(template.get(name), type.get(name), binding);
    const settings = operation?.settings;
    const end = name.lastIndexOf('.');
    (interfaces[name.slice(0, end)] ??= {})[name.slice(end + 1)] = {
      implementation: operation?.implementation.text ?? '',
      inputs: operation === null ? {} : shownInputs(operation, scope, view),
      executor: settings?.executor?.text ?? null,
      max_retries: settings?.maxRetries ?? null,
      retry_interval: settings?.retryInterval ?? null,
      timeout: settings?.timeout ?? null,
      timeout_recoverable: settings?.timeoutRecoverable ?? null,
    };
  }
  return interfaces;
}

/** Of what is never done, nothing is evaluated. */
function shownInputs({ implementation, inputs }: Operation, scope: StaticScope, view: View): JsonObject {
  return (implementation.text === '' ? asWritten(false) : view).values(inputs, scope);
}
