import { heartbeat, cancellationSignal } from '@temporalio/activity';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { SystemActivities } from '../contracts/activities.ts';
import type { Json } from '../contracts/json.ts';
import type { Plan } from '../contracts/plan.ts';
import type { SecretStore } from '../store/secrets.ts';
import type { ValueStore } from '../store/values.ts';
import type { BlueprintCompiler } from './blueprints/prepare.ts';
import type { Deployments } from './deployments/deployments.ts';
import { refuseUnmet } from './deployments/requirements.ts';

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
  return {
    prepareBlueprint: ({ path, inputs }) => prepare(path, inputs),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its hash is that of a plan which the compiler made
    loadPlan: async ({ plan }) => (await values.get(plan)) as Plan,
    beginExecution: async ({ deployment, begin, requires }) => {
      await refuseUnmet(deployment, requires, services);
      return { ...(await deployments.begin(deployment, begin)), searchAttributes };
    },
    endExecution: async ({ deployment, end }) => {
      if (end.gone) await removeSecrets(secrets, deployment);
      await deployments.end(deployment, end);
    },
    readDeployment: ({ deployment }) => deployments.read(deployment),
    consumeDeployment: ({ deployment, consumer }) =>
      alive(() => deployments.consume(deployment, consumer, cancellationSignal())),
    releaseDeployment: ({ deployment, consumer }) => deployments.release(deployment, consumer),
    awaitExecution: ({ execution }) => alive(() => ended(client, execution)),
  };
}

/** Those that the deployment’s own operations made. */
async function removeSecrets(secrets: SecretStore, deployment: string): Promise<void> {
  for (const name of await secrets.list(`${deployment}/`)) await secrets.remove(name);
}

/** Tells that the activity lives while it waits. */
async function alive<T>(work: () => Promise<T>): Promise<T> {
  const pulse = setInterval(() => heartbeat(null satisfies Json), 4000);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
  }
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
