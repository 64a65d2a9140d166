import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SystemActivities } from '../contracts/activities.ts';
import type { Plan } from '../contracts/plan.ts';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';
import { madeBy } from '../contracts/secret-names.ts';
import type { SecretStore } from '../store/secrets.ts';
import type { ValueStore } from '../store/values.ts';
import type { BlueprintCompiler } from './blueprints/prepare.ts';
import type { Deployments } from './deployments/deployments.ts';
import type { Kept, RunOf } from './deployments/kept.ts';
import { refuseUnmet } from './deployments/requirements.ts';
import { untilAborted } from './ssh/abort.ts';
import { beforeEffect, underLease } from './lease.ts';

export type SystemServices = {
  readonly client: Client;
  readonly deployments: Deployments;
  readonly values: ValueStore;
  readonly secrets: SecretStore;
  readonly prepare: BlueprintCompiler;
  readonly kept: Kept;
  readonly searchAttributes: boolean;
  /** Fails as ProviderUnavailable. */
  readonly reachMachines: () => Promise<void>;
};

/** What the workflows themselves need done: blueprints read, deployments spoken with. */
export function systemActivities(services: SystemServices): SystemActivities {
  const { client, deployments, values, secrets, prepare, kept, searchAttributes } = services;
  return alive({
    prepareBlueprint: ({ path, inputs }) =>
      elseForgotten(kept, () => prepare(path, inputs, kept.preparing(thisRun()))),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its hash is that of a plan which the compiler made
    loadPlan: async ({ plan }) => (await values.get(plan)) as Plan,
    beginExecution: async ({ deployment, begin, requires }) => {
      const take = async () => {
        await refuseUnmet(deployment, requires, services);
        if (begin.install !== null) {
          await kept.begins(thisRun(), deployment, begin.install);
          await refuseLost(values, begin.install.plan);
        }
        return { ...(await deployments.begin(deployment, begin, signal())), searchAttributes };
      };
      return begin.install === null ? take() : elseForgotten(kept, take);
    },
    endExecution: async ({ deployment, end }) => {
      if (end.gone && (await isHeldByThisRun(deployment, deployments))) {
        await removeSecrets(secrets, deployment);
        await kept.leaves(deployment);
      }
      await deployments.end(deployment, end);
      if (end.gone) await sweep(kept, deployment);
    },
    readDeployment: ({ deployment }) => deployments.read(deployment),
    consumeDeployment: ({ deployment, consumer }) => deployments.consume(deployment, consumer, signal()),
    releaseDeployment: ({ deployment, consumer }) => deployments.release(deployment, consumer),
    awaitExecution: ({ execution }) => untilAborted(ended(client, execution), signal()),
  });
}

function signal(): AbortSignal {
  return Context.current().cancellationSignal;
}

function thisRun(): RunOf {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution === undefined) throw failure('Internal', 'This is an activity of workflows alone.');
  return { execution: workflowExecution.workflowId, runId: workflowExecution.runId };
}

/** Not so when an earlier attempt has ended it: then there may be another deployment of that name by now. */
async function isHeldByThisRun(deployment: string, deployments: Deployments): Promise<boolean> {
  try {
    const { holder } = await deployments.read(deployment);
    return holder?.runId === thisRun().runId;
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === 'DeploymentNotFound') return false;
    throw error;
  }
}

/** What was kept for an execution that is refused for good goes at once. */
async function elseForgotten<T>(kept: Kept, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApplicationFailure && error.nonRetryable === true) {
      // Another attempt may have had it admitted.
      await beforeEffect();
      await kept.forget(thisRun());
    }
    throw error;
  }
}

/** As when the execution was reset to before its begin, long after it had ended. */
async function refuseLost(values: ValueStore, plan: string): Promise<void> {
  if (await values.exists(plan)) return;
  throw failure('Internal', `The plan ${plan} that was prepared is kept no more. Install again.`, {
    retryable: false,
  });
}

/** The deployment is gone already: what cannot be removed now is when a worker starts. */
async function sweep(kept: Kept, deployment: string): Promise<void> {
  try {
    await kept.sweep(deployment);
  } catch (error) {
    Context.current().log.warn('What the deployment used is not removed yet', { reason: reasonOf(error) });
  }
}

/** Those that the deployment’s own operations made. */
async function removeSecrets(secrets: SecretStore, deployment: string): Promise<void> {
  for (const name of await secrets.list(madeBy(deployment))) {
    await beforeEffect();
    await secrets.remove(name);
  }
}

const heartbeatMilliseconds = 4000;

/** Activities that tell that they live: one whose worker died is noticed soon, and done by another. */
function alive(activities: SystemActivities): SystemActivities {
  const entries = Object.entries(activities).map(([name, activity]) => [name, beating(activity)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each takes and gives what it did
  return Object.fromEntries(entries) as SystemActivities;
}

function beating(activity: (request: never) => Promise<unknown>) {
  return async (request: never): Promise<unknown> => {
    const context = Context.current();
    const pulse = setInterval(() => context.heartbeat(null), heartbeatMilliseconds);
    try {
      return await underLease(
        context,
        () => null,
        () => activity(request),
      );
    } finally {
      clearInterval(pulse);
    }
  };
}

async function ended(client: Client, execution: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(execution).result();
    return true;
  } catch (error) {
    if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
