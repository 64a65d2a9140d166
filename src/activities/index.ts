import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Settings } from '../connection/settings.ts';
import { blueprintFolders } from '../store/blueprint-folders.ts';
import { removeLeftovers } from '../store/leftovers.ts';
import { openSecretFiles } from '../store/secret-files.ts';
import { valueFiles } from '../store/values.ts';
import { createCompiler } from './blueprints/prepare.ts';
import { createDeployments } from './deployments/deployments.ts';
import { deploymentOperations } from './deployments/index.ts';
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
  const values = valueFiles(join(settings.state, 'values'));
  const blueprints = blueprintFolders({
    folder: join(settings.state, 'blueprints'),
    blueprints: settings.blueprints,
  });
  const secrets = await openSecretFiles({ folder: join(settings.state, 'secrets'), key: settings.secretKey });
  await removeLeftovers(settings.state);
  const ssh = keepConnections();
  const provider = createDockerProvider({ socketPath: settings.dockerSocket, lab: settings.lab });
  const services: Services = { secrets, blueprints, ssh, machines: provider };

  const deployments = createDeployments({ client, taskQueue: settings.taskQueue, searchAttributes });
  // They need this worker's own settings, or its client.
  const ofWorker: OperationTable = {
    ...hostPoolOperations({
      installation: settings.lab,
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
      searchAttributes,
      reachMachines: () => provider.reach(new AbortController().signal),
    }),
    ...resourceActivities(services),
    ...operationActivities(ofWorker, services),
    default: unknownOperation,
  };
  const close = async (): Promise<void> => {
    await Promise.all([ssh.close(), closeClusters()]);
  };
  return { activities, close };
}

/** Some of these are no activities but child workflows. */
const doneByEngine = /^deployments\./;
