import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityFunction } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { failure } from '../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../contracts/json.ts';
import { jsonSchema } from '../contracts/json-schemas.ts';
import type { OperationContext, OperationResult } from '../contracts/operation.ts';
import { reasonOf } from '../contracts/reason.ts';
import { EvaluationError, resolveSecrets } from '../language/functions/index.ts';
import { beforeEffect, underLease } from './lease.ts';
import type { Operation, OperationTable, Tools } from './operation.ts';
import { concealJson, type Redact, redactJson, redactor } from './redaction.ts';

export type Services = Omit<Tools, 'attempt' | 'signal' | 'heartbeat' | 'log'>;

/**
 * Whether an operation’s context has secrets themselves, or the references to them: for a plugin that copies
 * them on and resolves what it needs.
 */
export type SecretsInContext = 'resolved' | 'referenced';

const heartbeatMilliseconds = 4000;

/**
 * The activity of an operation: gives it its secrets, tells that it lives, and lets no secret out, neither
 * in what it returns nor in how it fails.
 */
export function operationActivity(
  operation: Operation,
  services: Services,
  secrets: SecretsInContext = 'resolved',
): ActivityFunction {
  return async (context: OperationContext): Promise<OperationResult> => {
    const activity = Context.current();
    const read = new Map<string, string>();
    let latest: Json = null;
    const pulse = setInterval(() => activity.heartbeat(latest), heartbeatMilliseconds);
    const redact: Redact = (text) => redactor(read.values())(text);
    try {
      const tools: Tools = {
        ...services,
        secrets: {
          ...services.secrets,
          put: async (name, value) => {
            read.set(name, value);
            await beforeEffect();
            await services.secrets.put(name, value);
          },
          ensure: async (name, make) => {
            await beforeEffect();
            return remember(read, name, await services.secrets.ensure(name, make));
          },
          get: async (name) => remember(read, name, await services.secrets.get(name)),
          remove: async (name) => {
            await beforeEffect();
            await services.secrets.remove(name);
          },
        },
        attempt: activity.info.attempt,
        signal: activity.cancellationSignal,
        heartbeat: (details) => {
          latest = redactJson(details, redact);
          activity.heartbeat(latest);
        },
        log: (message) => activity.log.info(redact(message)),
      };
      const whole =
        secrets === 'resolved' ? await withSecrets(context, (name) => tools.secrets.get(name)) : context;
      const { result, ...patches } = await underLease(
        activity,
        () => latest,
        () => operation(whole, tools),
      );
      return {
        ...concealedPatches(patches, read),
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
  secrets: SecretsInContext = 'resolved',
): Readonly<Record<string, ActivityFunction>> {
  return Object.fromEntries(
    Object.entries(table).map(([name, operation]) => [name, operationActivity(operation, services, secrets)]),
  );
}

function remember(read: Map<string, string>, name: string, value: string): string {
  read.set(name, value);
  return value;
}

/** What the blueprint gives an operation must be there; of what earlier operations left, a secret may be gone. */
async function withSecrets(
  context: OperationContext,
  get: (name: string) => Promise<string>,
): Promise<OperationContext> {
  const { inputs, subject } = context;
  return {
    ...context,
    inputs: objectOf(await resolveSecrets(inputs, get)),
    subject: await resolveThose(subject, get),
  };
}

/** Leaves `{get_secret: name}` where the store has none of that name. */
async function resolveThose<Value extends Json>(
  value: Value,
  get: (name: string) => Promise<string>,
): Promise<Value> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only references to secrets are replaced
  return (await resolveEach(value, get)) as Value;
}

async function resolveEach(value: Json, get: (name: string) => Promise<string>): Promise<Json> {
  try {
    return await resolveSecrets(value, get);
  } catch (error) {
    if (!(error instanceof ApplicationFailure && error.type === 'SecretNotFound')) throw error;
    if (Array.isArray(value)) return Promise.all(value.map((item: Json) => resolveEach(item, get)));
    if (!isJsonObject(value) || Object.hasOwn(value, 'get_secret')) return value;
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await resolveEach(item, get)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
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

function concealedPatches(
  patches: Omit<OperationResult, 'result'>,
  secrets: ReadonlyMap<string, string>,
): OperationResult {
  const entries = Object.entries(patches).map(([whose, patch]) => [whose, concealJson(patch, secrets)]);
  return Object.fromEntries(entries);
}

function objectOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}
