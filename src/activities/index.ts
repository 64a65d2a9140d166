import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { installationOf } from '../connection/installation.ts';
import type { Settings } from '../connection/settings.ts';
import { removeLeftovers } from '../store/leftovers.ts';
import type { StoreKeys } from '../store/keys.ts';
import { openStore } from '../store/store.ts';
import { createCompiler } from './blueprints/prepare.ts';
import { createDeployments } from './deployments/deployments.ts';
import { deploymentOperations } from './deployments/index.ts';
import { createKept } from './deployments/kept.ts';
import { hostPoolOperations } from './host-pool/index.ts';
import { closeClusters } from './kubernetes/index.ts';
import { createDockerProvider } from './machines/docker/index.ts';
import type { OperationTable } from './operation.ts';
import { offersResource, resourceActivities } from './resources.ts';
import { operationActivities, type Services } from './run-operation.ts';
import { keepConnections } from './ssh/kept-connections.ts';
import { systemActivities } from './system.ts';
import { unknownOperation } from './unknown-operation.ts';

export type ActivitiesOptions = {
  readonly client: Client;
  readonly settings: Settings;
  /** Whether the server knows Braid's search attributes. */
  readonly searchAttributes: boolean;
};

/** All that a worker can do: what workflows need, and the operations of every plugin. */
export async function createActivities({ client, settings, searchAttributes }: ActivitiesOptions) {
  const { keys, secrets, values, blueprints, usage } = await openStore(
    settings.state,
    settings.blueprints,
    settings.secretKeys,
  );
  await removeLeftovers(settings.state);
  const ssh = keepConnections();
  const provider = createDockerProvider({ socketPath: settings.dockerSocket, lab: settings.lab });
  const installation =
    settings.installation ?? (await installationOf(client.connection, client.options.namespace));
  const services: Services = {
    secrets,
    blueprints,
    ssh,
    machines: provider,
    installation,
    kubeconfigRights: settings.kubeconfigRights,
  };

  const deployments = createDeployments({ client, taskQueue: settings.taskQueue, searchAttributes });
  const kept = createKept({ client, deployments, usage, home: await namespaceId(client) });
  // They need this worker's own settings, or its client.
  const ofWorker: OperationTable = {
    ...hostPoolOperations({
      installation,
      formerly: settings.lab,
      folder: join(settings.state, 'host-pools'),
    }),
    ...deploymentOperations(deployments),
  };
  const prepare = createCompiler({
    blueprints,
    values,
    plugins: settings.plugins,
    offers: (implementation) =>
      offersResource(implementation) ||
      Object.hasOwn(ofWorker, implementation) ||
      doneByEngine.test(implementation),
  });
  const activities = {
    ...systemActivities({
      client,
      deployments,
      values,
      secrets,
      prepare,
      kept,
      searchAttributes,
      reachMachines: () => provider.reach(new AbortController().signal),
    }),
    ...resourceActivities(services),
    ...operationActivities(ofWorker, services),
    default: unknownOperation,
  };
  const close = async (): Promise<void> => {
    closeClusters();
    await ssh.close();
  };
  return { activities, sweep: () => kept.sweep(), remarks: await remarksOn(keys), close };
}

/** What whoever runs the worker should know of the store. */
async function remarksOn(keys: StoreKeys): Promise<readonly string[]> {
  const own = keys.ring.key?.id;
  const key = await keys.present();
  if (key === own) return [];
  const now = key === undefined ? 'is not encrypted yet' : `is still encrypted with the key ${key}`;
  return [
    `The store ${now}. Once every worker knows the key ${own ?? ''}, \`braid secret rotate\` changes to it.`,
  ];
}

async function namespaceId({ workflowService, options: { namespace } }: Client): Promise<string> {
  const { namespaceInfo } = await workflowService.describeNamespace({ namespace });
  return namespaceInfo?.id ?? namespace;
}

/** Some of these are no activities but child workflows. */
const doneByEngine = /^deployments\./;
