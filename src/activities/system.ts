import { Context } from '@temporalio/activity';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SystemActivities } from '../contracts/activities.ts';
import type { Plan } from '../contracts/plan.ts';
import { madeBy } from '../contracts/secret-names.ts';
import type { SecretStore } from '../store/secrets.ts';
import type { ValueStore } from '../store/values.ts';
import type { BlueprintCompiler } from './blueprints/prepare.ts';
import type { Deployments } from './deployments/deployments.ts';
import { refuseUnmet } from './deployments/requirements.ts';
import { untilAborted } from './ssh/abort.ts';
import { beforeEffect, underLease } from './lease.ts';

export type SystemServices = {
  readonly client: Client;
  readonly deployments: Deployments;
  readonly values: ValueStore;
  readonly secrets: SecretStore;
  readonly prepare: BlueprintCompiler;
  readonly searchAttributes: boolean;
  /** Fails as ProviderUnavailable. */
  readonly reachMachines: () => Promise<void>;
};

/** What the workflows themselves need done: blueprints read, deployments spoken with. */
export function systemActivities(services: SystemServices): SystemActivities {
  const { client, deployments, values, secrets, prepare, searchAttributes } = services;
  return alive({
    prepareBlueprint: ({ path, inputs }) => prepare(path, inputs),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its hash is that of a plan which the compiler made
    loadPlan: async ({ plan }) => (await values.get(plan)) as Plan,
    beginExecution: async ({ deployment, begin, requires }) => {
      await refuseUnmet(deployment, requires, services);
      return { ...(await deployments.begin(deployment, begin, signal())), searchAttributes };
    },
    endExecution: async ({ deployment, end }) => {
      if (end.gone) await removeSecrets(secrets, deployment);
      await deployments.end(deployment, end);
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
