import type { JsonObject } from '../../../../src/contracts/json.ts';
import type { StaticScope } from '../../../../src/language/plan/static.ts';
import type { Operation } from '../../../../src/language/types/merge-operation.ts';
import type { View } from './view.ts';

/** Operations by interface, as types and templates together define them. */
export function interfacesOf(
  names: Iterable<string>,
  operations: readonly Operation[],
  scope: StaticScope,
  view: View,
): JsonObject {
  const byName = new Map(operations.map((one) => [one.name, one]));
  const interfaces: Record<string, Record<string, JsonObject>> = {};
  for (const name of new Set([...names, ...byName.keys()])) {
    const operation = byName.get(name);
    const settings = operation?.settings;
    const end = name.lastIndexOf('.');
    (interfaces[name.slice(0, end)] ??= {})[name.slice(end + 1)] = {
      implementation: operation?.implementation.text ?? '',
      inputs: operation === undefined ? {} : view.values(operation.inputs, scope),
      executor: settings?.executor?.text ?? null,
      max_retries: settings?.maxRetries ?? null,
      retry_interval: settings?.retryInterval ?? null,
      timeout: settings?.timeout ?? null,
      timeout_recoverable: settings?.timeoutRecoverable ?? null,
    };
  }
  return interfaces;
}
