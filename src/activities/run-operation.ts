import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityFunction } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { failure } from '../contracts/failure.ts';
import { isJsonObject, type Json } from '../contracts/json.ts';
import { jsonSchema } from '../contracts/json-schemas.ts';
import type {
  OperationContext,
  OperationOrder,
  OperationReport,
  OperationResult,
  Subject,
} from '../contracts/operation.ts';
import { reasonOf } from '../contracts/reason.ts';
import {
  asJson,
  asWritten,
  Deferred,
  isValueList,
  isValueMap,
  seal,
  secretReference,
  unseal,
  type Value,
  type ValueMap,
} from '../contracts/sealed.ts';
import { isOwnSecret, madeBy } from '../contracts/secret-names.ts';
import { EvaluationError, resolveSecrets } from '../language/functions/index.ts';
import { beforeEffect, underLease } from './lease.ts';
import type { Operation, OperationTable, Tools } from './operation.ts';
import { createVeil, type Redact, redactJson, type Veil } from './redaction.ts';
import type { SecretStore } from '../store/secrets.ts';

export type Services = Omit<Tools, 'attempt' | 'signal' | 'heartbeat' | 'log' | 'redact'>;

const heartbeatMilliseconds = 4000;

/**
 * The activity of an operation: gives it its secrets, tells that it lives, and lets no secret out, neither
 * in what it returns nor in how it fails.
 */
export function operationActivity(operation: Operation, services: Services): ActivityFunction {
  return async (order: OperationOrder): Promise<OperationReport> => {
    const activity = Context.current();
    const veil = createVeil();
    const { redact } = veil;
    let latest: Json = null;
    const pulse = setInterval(() => activity.heartbeat(latest), heartbeatMilliseconds);
    try {
      const tools: Tools = {
        ...services,
        secrets: secretsOf(order.deployment, services.secrets, veil),
        redact,
        attempt: activity.info.attempt,
        signal: activity.cancellationSignal,
        heartbeat: (details) => {
          latest = redactJson(details, redact);
          activity.heartbeat(latest);
        },
        log: (message) => activity.log.info(redact(message)),
      };
      const context = await withSecrets(order, services.secrets, veil);
      const { result, ...patches } = await underLease(
        activity,
        () => latest,
        () => operation(context, tools),
      );
      return {
        ...sealedPatches(patches, veil),
        ...(result === undefined ? {} : { result: redactJson(result, redact) }),
      };
    } catch (error) {
      throw reported(error, redact, activity.cancellationSignal);
    } finally {
      clearInterval(pulse);
    }
  };
}

/** The same for every operation of a table, by implementation name. */
export function operationActivities(
  table: OperationTable,
  services: Services,
): Readonly<Record<string, ActivityFunction>> {
  return Object.fromEntries(
    Object.entries(table).map(([name, operation]) => [name, operationActivity(operation, services)]),
  );
}

/**
 * The secrets of one deployment: those that its operations make, and to read those of the operator's too. Others,
 * which another deployment hands out, come by references alone.
 */
function secretsOf(deployment: string, store: SecretStore, veil: Veil): SecretStore {
  const remember = (name: string, value: string): string => {
    veil.add(value, secretReference(name));
    return value;
  };
  const made = (name: string): string => {
    if (name.startsWith(madeBy(deployment))) return name;
    throw notTheirs(deployment, name);
  };
  const readable = (name: string): string => (isOwnSecret(name) ? name : made(name));
  return {
    get: async (name) => remember(name, await store.get(readable(name))),
    put: async (name, value) => {
      made(name);
      remember(name, value);
      await beforeEffect();
      await store.put(name, value);
    },
    ensure: async (name, make) => {
      made(name);
      await beforeEffect();
      return remember(name, await store.ensure(name, make));
    },
    remove: async (name) => {
      made(name);
      await beforeEffect();
      await store.remove(name);
    },
    list: (prefix) => store.list(made(prefix)),
  };
}

function notTheirs(deployment: string, name: string): Error {
  return failure('Unauthorized', `The secret ${name} is none of the deployment ${deployment}.`);
}

/** What the blueprint gives an operation must be there; of what earlier operations left, a secret may be gone. */
async function withSecrets(
  { inputs, subject, ...step }: OperationOrder,
  store: SecretStore,
  veil: Veil,
): Promise<OperationContext> {
  const read = async (value: Value): Promise<Json> =>
    resolveSecrets(
      value,
      async (name) => store.get(name),
      (text, reference) => veil.add(text, reference),
    );
  const given = await read(unseal(inputs));
  const named = unseal(subject);
  const present = await whatIsThere(named, read);
  return {
    ...step,
    inputs: isJsonObject(given) ? given : {},
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only references to secrets are replaced
    subject: present as unknown as Subject,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by the engine from just this
    referenced: named as unknown as Subject<ValueMap>,
  };
}

/** Leaves what is written where the store has no such secret. */
async function whatIsThere(value: Value, read: (value: Value) => Promise<Json>): Promise<Json> {
  if (value instanceof Deferred) {
    try {
      return await read(value);
    } catch (error) {
      if (error instanceof ApplicationFailure && error.type === 'SecretNotFound') return asWritten(value);
      throw error;
    }
  }
  const known = asJson(value);
  if (known !== undefined) return known;
  if (isValueList(value)) return Promise.all(value.map((item) => whatIsThere(item, read)));
  const entries = Object.entries(isValueMap(value) ? value : {}).map(
    async ([key, item]) => [key, await whatIsThere(item, read)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function reported(error: unknown, redact: Redact, signal: AbortSignal): Error {
  if (signal.aborted) return new CancelledFailure('The operation was cancelled.');
  if (error instanceof CancelledFailure) return error;
  if (error instanceof ApplicationFailure) {
    return ApplicationFailure.create({
      ...(error.type == null ? {} : { type: error.type }),
      message: redact(error.message),
      nonRetryable: error.nonRetryable === true,
      details: (error.details ?? []).map((detail) => redactJson(jsonSchema.parse(detail ?? null), redact)),
    });
  }
  const message = redact(reasonOf(error));
  if (error instanceof EvaluationError) return failure('AttributeUnresolved', message);
  return failure('Internal', message);
}

function sealedPatches(patches: Omit<OperationResult, 'result'>, veil: Veil): OperationReport {
  const entries = Object.entries(patches).map(([whose, patch]) => [whose, seal(veil.conceal(patch))]);
  return Object.fromEntries(entries);
}
