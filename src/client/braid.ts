import { randomBytes } from 'node:crypto';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { entityId, entityMessages } from '../contracts/entity.ts';
import { payloadKeyOf } from '../connection/data-converter.ts';
import { payloadKeyOfWorker } from '../connection/worker-identity.ts';
import { failure } from '../contracts/failure.ts';
import { type ExecutionProgress, progressQuery } from '../contracts/progress.ts';
import type { DeploymentRecord } from '../contracts/record.ts';
import { scheduleHeal, unscheduleHeal } from './heal-schedule.ts';
import { throughOutages } from './outage.ts';
import { retriesOf, type Retry } from './retries.ts';
import type { WorkflowInputs, WorkflowKind, WorkflowResults } from './workflow-types.ts';

/** Braid as a program uses it; the command line and the HTTP API stand on this. */
export type Braid = {
  /** Starts an execution and tells its workflow's id. Fails as NoWorker when nobody would do it. */
  start<Kind extends WorkflowKind>(kind: Kind, input: WorkflowInputs[Kind], id?: string): Promise<string>;
  /**
   * Waits for an execution's end, also while the server is away for up to ten minutes. Fails with the execution's own
   * error, its `type` a code of the table.
   */
  result<Kind extends WorkflowKind>(kind: Kind, execution: string): Promise<WorkflowResults[Kind]>;
  run<Kind extends WorkflowKind>(kind: Kind, input: WorkflowInputs[Kind]): Promise<WorkflowResults[Kind]>;
  cancel(execution: string): Promise<void>;
  isRunning(execution: string): Promise<boolean>;
  /** How far an execution is; undefined before it began and when it cannot tell. */
  progress(execution: string): Promise<ExecutionProgress | undefined>;
  /** What an execution tries again, having failed at it; none when it cannot be told. */
  retries(execution: string): Promise<readonly Retry[]>;
  /** Fails as DeploymentNotFound. */
  deployment(name: string): Promise<DeploymentRecord>;
  /** Whether any worker polls the task queue. */
  hasWorker(): Promise<boolean>;
  /** From now on the server heals a deployment every so many seconds, until it is uninstalled. */
  healEvery(input: WorkflowInputs['heal'], seconds: number): Promise<void>;
  /** Ends that. False: the server did not heal it. */
  healNoMore(deployment: string): Promise<boolean>;
  /** Every deployment that there is, by name. */
  deployments(): Promise<readonly DeploymentRecord[]>;
};

export type BraidOptions = { readonly client: Client; readonly taskQueue: string };

export function createBraid({ client, taskQueue }: BraidOptions): Braid {
  const braid: Braid = {
    start,
    result,
    run,
    cancel,
    isRunning,
    progress,
    retries,
    deployment,
    deployments,
    hasWorker,
    healEvery: (input, seconds) => scheduleHeal({ client, taskQueue }, input, seconds),
    healNoMore: (name) => unscheduleHeal(client, name),
  };
  return braid;

  async function start<Kind extends WorkflowKind>(
    kind: Kind,
    input: WorkflowInputs[Kind],
    id: string = `${kind}:${input.deployment}:${randomBytes(4).toString('hex')}`,
  ): Promise<string> {
    await requireWorker();
    await client.workflow.start(kind, {
      workflowId: id,
      taskQueue,
      args: [input],
      staticSummary: `${kind} of ${input.deployment}`,
    });
    return id;
  }

  async function result<Kind extends WorkflowKind>(
    _kind: Kind,
    execution: string,
  ): Promise<WorkflowResults[Kind]> {
    try {
      return await throughOutages(client, () =>
        client.workflow.getHandle<() => Promise<WorkflowResults[Kind]>>(execution).result(),
      );
    } catch (error) {
      throw error instanceof WorkflowFailedError ? ownError(error, execution) : error;
    }
  }

  async function run<Kind extends WorkflowKind>(
    kind: Kind,
    input: WorkflowInputs[Kind],
  ): Promise<WorkflowResults[Kind]> {
    return result(kind, await start(kind, input));
  }

  async function cancel(execution: string): Promise<void> {
    await client.workflow.getHandle(execution).cancel();
  }

  async function isRunning(execution: string): Promise<boolean> {
    try {
      return (await client.workflow.getHandle(execution).describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  async function progress(execution: string): Promise<ExecutionProgress | undefined> {
    try {
      return (
        (await client.workflow.getHandle(execution).query<ExecutionProgress | null>(progressQuery)) ??
        undefined
      );
    } catch {
      // Its handler is there only once the execution has begun; a busy worker may answer late.
      return undefined;
    }
  }

  async function retries(execution: string): Promise<readonly Retry[]> {
    try {
      return await retriesOf(client, execution);
    } catch {
      return [];
    }
  }

  async function deployment(name: string): Promise<DeploymentRecord> {
    const record = await recordOf(entityId(name));
    if (record === undefined) throw failure('DeploymentNotFound', `There is no deployment ${name}.`);
    return record;
  }

  async function deployments(): Promise<readonly DeploymentRecord[]> {
    const records: DeploymentRecord[] = [];
    const query = 'WorkflowType = "deployment" AND ExecutionStatus = "Running"';
    for await (const { workflowId } of client.workflow.list({ query })) {
      const record = await recordOf(workflowId);
      if (record !== undefined) records.push(record);
    }
    return records.toSorted((a, b) => (a.deployment < b.deployment ? -1 : 1));
  }

  async function recordOf(workflowId: string): Promise<DeploymentRecord | undefined> {
    await requireWorker();
    try {
      const handle = client.workflow.getHandle(workflowId);
      const { status } = await handle.describe();
      if (status.name !== 'RUNNING') return undefined;
      return (await handle.query<DeploymentRecord | null>(entityMessages.record)) ?? undefined;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  async function requireWorker(): Promise<void> {
    const workers = await workersThere();
    if (workers.length === 0) throw failure('NoWorker', `No worker polls the task queue ${taskQueue}.`);
    const own = payloadKeyOf(client.options.loadedDataConverter.payloadCodecs);
    const keys = workers.map(payloadKeyOfWorker);
    if (!keys.includes(own)) throw otherKey(taskQueue, own, keys[0]);
  }

  async function hasWorker(): Promise<boolean> {
    return (await workersThere()).length > 0;
  }

  /** Their identities. */
  async function workersThere(): Promise<readonly string[]> {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
    });
    return (pollers ?? []).map(({ identity }) => identity ?? '');
  }
}

/** Told before anything is sent: what one side encrypts, the other could not read. */
function otherKey(taskQueue: string, own: string | undefined, theirs: string | undefined): Error {
  return failure(
    'ConfigurationInvalid',
    `The worker of the task queue ${taskQueue} works ${how(theirs)}, this command ${how(own)}. Give both the same BRAID_PAYLOAD_KEY.`,
  );
}

/** What the workflow itself said, out of Temporal's wrapping. */
function ownError({ cause }: WorkflowFailedError, execution: string): Error {
  if (cause instanceof CancelledFailure) {
    return failure('OperationsFailed', `The execution ${execution} was cancelled.`, { cause });
  }
  for (let at: unknown = cause; at instanceof Error; at = at.cause) {
    if (at instanceof ApplicationFailure) return at;
  }
  return failure('Internal', cause?.message ?? `The execution ${execution} failed.`, { cause });
}

function how(payloadKey: string | undefined): string {
  return payloadKey === undefined ? 'without a key' : `with the key ${payloadKey}`;
}
