import { isJsonObject, type Json } from '../../src/contracts/json.ts';
import type {
  OperationContext,
  OperationOrder,
  OperationReport,
  OperationResult,
  Subject,
} from '../../src/contracts/operation.ts';
import {
  asWritten,
  seal,
  secretReference,
  unseal,
  type Value,
  type ValueMap,
} from '../../src/contracts/sealed.ts';

/** In tests alone a secret is written as `{get_secret: name}` among JSON: here it becomes a reference. */
function referencesIn(value: Json): Value {
  if (Array.isArray(value)) return value.map((item: Json) => referencesIn(item));
  if (!isJsonObject(value)) return value;
  const { get_secret: name } = value;
  if (typeof name === 'string' && Object.keys(value).length === 1) return secretReference(name);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, referencesIn(item)]));
}

/** The values of these secrets in the place of what is written. */
export function resolvedIn(value: Json, secrets: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolvedIn(item, secrets));
  if (!isJsonObject(value)) return value;
  const { get_secret: name } = value;
  if (typeof name === 'string') return secrets.get(name) ?? value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolvedIn(item, secrets)]));
}

type WithSecretsWritten = Omit<OperationContext, 'referenced'>;

/** The context that an operation gets of what is written with secrets. */
export function contextWith(
  context: WithSecretsWritten,
  secrets: ReadonlyMap<string, string> = new Map(),
): OperationContext {
  return {
    ...context,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only secrets are replaced
    subject: resolvedIn(context.subject, secrets) as unknown as Subject,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only secrets are replaced
    referenced: referencesIn(context.subject) as unknown as Subject<ValueMap>,
  };
}

/** The same as the engine sends it to a worker. */
export function orderOf({ inputs, subject, ...step }: WithSecretsWritten): OperationOrder {
  return {
    ...step,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a map stays one
    inputs: seal(referencesIn(inputs) as ValueMap),
    subject: seal(referencesIn(subject)),
  };
}

/** What a worker reported, as it is written. */
export function written(report: OperationReport): OperationResult {
  const { result, ...patches } = report;
  const entries = Object.entries(patches).map(([whose, patch]) => [whose, asWritten(unseal(patch))]);
  return { ...Object.fromEntries(entries), ...(result === undefined ? {} : { result }) };
}
