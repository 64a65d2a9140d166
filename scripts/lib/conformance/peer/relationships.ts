import type { JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import type { Operations } from '../../../../src/language/sections/operations.ts';
import type { Schema } from '../../../../src/language/sections/schema.ts';
import { schemasOf } from './schemas.ts';

/** The relationship types, with what they inherit. */
export function relationshipsOf(model: Model): JsonObject {
  const { types, blueprint } = model;
  return Object.fromEntries(
    [...types.relationships.values()].map((type) => {
      const parent = blueprint.relationships.get(type.name)?.derivedFrom?.text;
      const derived: JsonObject = parent === undefined ? {} : { derived_from: parent };
      const shown = {
        name: type.name,
        type_hierarchy: type.hierarchy,
        properties: schemasOf(type.properties, model),
        source_interfaces: interfacesOf(type.sourceOperations, model),
        target_interfaces: interfacesOf(type.targetOperations, model),
      };
      return [type.name, { ...derived, ...shown }];
    }),
  );
}

function interfacesOf(operations: Operations<Schema>, model: Model): JsonObject {
  const interfaces: Record<string, Record<string, JsonObject>> = {};
  for (const { name, implementation, inputs, settings } of operations.values()) {
    const end = name.lastIndexOf('.');
    (interfaces[name.slice(0, end)] ??= {})[name.slice(end + 1)] = {
      implementation: implementation?.text ?? '',
      inputs: schemasOf(inputs, model, 'inputs'),
      executor: settings.executor?.text ?? null,
      max_retries: settings.maxRetries,
      retry_interval: settings.retryInterval,
      timeout: settings.timeout,
      timeout_recoverable: settings.timeoutRecoverable,
    };
  }
  return interfaces;
}
