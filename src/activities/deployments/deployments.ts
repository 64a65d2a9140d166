import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  type BeginReply,
  type BeginRequest,
  type ConsumeReply,
  type ConsumeRequest,
  type EndRequest,
  entityId,
  type EntityInput,
  entityMessages,
} from '../../contracts/entity.ts';
import { unscheduleHeal } from '../../client/heal-schedule.ts';
import { failure } from '../../contracts/failure.ts';
import type { DeploymentRecord } from '../../contracts/record.ts';
import { beforeEffect } from '../lease.ts';
import { holderIn, letGo, lookAt } from './holder.ts';

/** The entity workflows of deployments, as activities speak with them. */
export type Deployments = {
  /**
   * Takes over from a holder that is closed, once all that it left running has let go; a holder that was asked to
   * stop is awaited.
   */
  begin(
    deployment: string,
    request: Omit<BeginRequest, 'replaces'>,
    signal: AbortSignal,
  ): Promise<BeginReply>;
  end(deployment: string, request: EndRequest): Promise<void>;
  /** Fails as DeploymentNotFound. */
  read(deployment: string): Promise<DeploymentRecord>;
  /** Registers the consumer, and waits while the deployment is being installed. */
  consume(deployment: string, consumer: string, signal: AbortSignal): Promise<ConsumeReply>;
  /** Absence is success. */
  release(deployment: string, consumer: string): Promise<void>;
};

type DeploymentsOptions = {
  readonly client: Client;
  readonly taskQueue: string;
  readonly searchAttributes: boolean;
};

export function createDeployments({ client, taskQueue, searchAttributes }: DeploymentsOptions): Deployments {
  const handle = (deployment: string) => client.workflow.getHandle(entityId(deployment));
  return { begin, end, read, consume, release };

  async function begin(
    deployment: string,
    request: Omit<BeginRequest, 'replaces'>,
    signal: AbortSignal,
  ): Promise<BeginReply> {
    let replaces: string | null = null;
    for (;;) {
      try {
        return await admitted(deployment, { ...request, replaces });
      } catch (error) {
        const holder = holderIn(error);
        if (holder === undefined || holder.runId === replaces) throw error;
        const { isClosed } = await letGo(client, holder, signal);
        if (!isClosed) throw error;
        // Compare and swap: only the holder that was seen closed may be replaced.
        replaces = holder.runId;
      }
    }
  }

  async function admitted(deployment: string, request: BeginRequest): Promise<BeginReply> {
    await beforeEffect();
    const updateId = `begin:${request.runId}:${request.replaces ?? ''}`;
    if (request.install === null) {
      return translated(deployment, () =>
        handle(deployment).executeUpdate<BeginReply, [BeginRequest]>(entityMessages.begin, {
          args: [request],
          updateId,
        }),
      );
    }
    const input: EntityInput = { deployment, searchAttributes };
    const startWorkflowOperation = new WithStartWorkflowOperation<EntityWorkflow>('deployment', {
      workflowId: entityId(deployment),
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `The deployment ${deployment}`,
    });
    return translated(deployment, () =>
      client.workflow.executeUpdateWithStart<EntityWorkflow, BeginReply, [BeginRequest]>(
        entityMessages.begin,
        {
          args: [request],
          updateId,
          startWorkflowOperation,
        },
      ),
    );
  }

  async function end(deployment: string, request: EndRequest): Promise<void> {
    await beforeEffect();
    try {
      await translated(deployment, () =>
        handle(deployment).executeUpdate<null, [EndRequest]>(entityMessages.end, { args: [request] }),
      );
    } catch (error) {
      // An earlier attempt of this end was the last thing that the entity did.
      if (!(request.gone && isType(error, 'DeploymentNotFound'))) throw error;
    }
    if (request.gone) await unscheduleHeal(client, deployment);
  }

  async function read(deployment: string): Promise<DeploymentRecord> {
    const record = await translated(deployment, async () => {
      const found = handle(deployment);
      const { status } = await found.describe();
      return status.name === 'RUNNING' ? found.query<DeploymentRecord | null>(entityMessages.record) : null;
    });
    if (record === null || record.phase === 'uninstalled') throw notFound(deployment);
    return record;
  }

  async function consume(deployment: string, consumer: string, signal: AbortSignal): Promise<ConsumeReply> {
    for (;;) {
      await beforeEffect();
      const reply = await translated(deployment, () =>
        handle(deployment).executeUpdate<ConsumeReply, [ConsumeRequest]>(entityMessages.consume, {
          args: [{ consumer }],
        }),
      );
      if (reply.phase === 'incomplete' || (reply.phase === 'installing' && (await isAbandoned(deployment)))) {
        throw failure(
          'NotReady',
          `The deployment ${deployment}, which ${consumer} uses, is incomplete. Install it first.`,
        );
      }
      if (reply.phase !== 'installing') return reply;
      await delay(500, undefined, { signal });
    }
  }

  async function isAbandoned(deployment: string): Promise<boolean> {
    const { holder } = await read(deployment);
    return holder !== null && (await lookAt(client, holder)).isClosed;
  }

  async function release(deployment: string, consumer: string): Promise<void> {
    await beforeEffect();
    try {
      await translated(deployment, () =>
        handle(deployment).executeUpdate<null, [ConsumeRequest]>(entityMessages.release, {
          args: [{ consumer }],
        }),
      );
    } catch (error) {
      if (!isType(error, 'DeploymentNotFound')) throw error;
    }
  }
}

/** The entity's own refusals reach the caller; that there is none becomes DeploymentNotFound. */
async function translated<T>(deployment: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notFound(deployment);
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      if (error.cause.type === 'AcceptedUpdateCompletedWorkflow') throw notFound(deployment);
      throw error.cause;
    }
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw failure('NotReady', `The deployment ${deployment} did not answer in time.`, { cause: error });
    }
    throw error;
  }
}

type EntityWorkflow = (input: EntityInput) => Promise<DeploymentRecord | null>;

function notFound(deployment: string): ApplicationFailure {
  return failure('DeploymentNotFound', `There is no deployment ${deployment}.`);
}

function isType(error: unknown, type: string): boolean {
  return error instanceof ApplicationFailure && error.type === type;
}
