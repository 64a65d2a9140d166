import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import { createReporter } from '../../../src/language/diagnostics/reporter.ts';
import { newestVersion } from '../../../src/language/sections/version.ts';
import {
  readTemplateInterfaces,
  readTypeInterfaces,
  type TypeOperation,
} from '../../../src/language/sections/operations.ts';
import { fromJson, toJson } from '../../../src/language/source/node.ts';
import { noMemory } from '../../../src/language/source/memory.ts';
import { sourceFile, startOf } from '../../../src/language/source/place.ts';
import {
  mergeOperation,
  mergeTypeOperation,
  type Operation,
} from '../../../src/language/types/merge-operation.ts';
import type { Case, Outcome } from './case.ts';
import { mistakesOf } from './exceptions.ts';
import { schemasOf } from './peer/schemas.ts';

const at = startOf(sourceFile('case', 0, '', false));

/** Merges one definition of an operation with another. */
export function mergeCase(one: Case): Outcome {
  const reporter = createReporter();
  const context = { reporter, version: newestVersion, checksVersions: true, compat: true, memory: noMemory };
  const type = (field: string): TypeOperation | undefined =>
    readTypeInterfaces(interfaces(one[field]), 'The type', context).get('i.o');
  const value =
    one.merger?.startsWith('NodeTemplate') === true || one.merger?.includes('Instance') === true
      ? mergeTemplate()
      : typeOperation(
          mergeTypeOperation(type('overriding_node_type_operation'), type('overridden_node_type_operation')),
        );
  const mistakes = mistakesOf(reporter.diagnostics());
  return mistakes.length > 0 ? { kind: 'error', mistakes } : { kind: 'ok', value };

  function mergeTemplate(): Json {
    const template = readTemplateInterfaces(
      interfaces(one['node_template_operation']),
      'The template',
      context,
    );
    const binding = { owner: 'The operation', mayMiss: false, dataTypes: new Map(), context };
    return templateOperation(mergeOperation(template.get('i.o'), type('node_type_operation'), binding));
  }
}

/** Null: the operation is not mentioned at all. */
function interfaces(operation: unknown) {
  if (operation === null || operation === undefined) return null;
  const written: unknown = JSON.parse(JSON.stringify({ i: { o: operation } }));
  return fromJson(Object(written), at);
}

function templateOperation(operation: Operation | null): Json {
  if (operation === null) return null;
  const inputs = [...operation.inputs].map(([name, value]) => [name, toJson(value)]);
  return shown(operation, Object.fromEntries(inputs));
}

function typeOperation(operation: TypeOperation | undefined): Json {
  return operation === undefined ? null : shown(operation, schemasOf(operation.inputs, null));
}

function shown({ implementation, settings }: Operation | TypeOperation, inputs: JsonObject): JsonObject {
  return {
    implementation: implementation?.text ?? '',
    inputs,
    executor: settings.executor?.text ?? null,
    max_retries: settings.maxRetries,
    retry_interval: settings.retryInterval,
    timeout: settings.timeout,
    timeout_recoverable: settings.timeoutRecoverable,
  };
}
