import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Settings } from '../connection/settings.ts';
import { blueprintFolders } from '../store/blueprint-folders.ts';
import { openSecretFiles } from '../store/secret-files.ts';
import { valueFiles } from '../store/values.ts';
import { createCompiler } from './blueprints/prepare.ts';
import { createDeployments } from './deployments/deployments.ts';
import { deploymentOperations } from './deployments/index.ts';
import { hostPoolOperations } from './host-pool/index.ts';
import { closeClusters, operations as kubernetes } from './kubernetes/index.ts';
import { createDockerProvider } from './machines/docker/index.ts';
import { operations as machines } from './machines/index.ts';
import type { OperationTable } from './operation.ts';
import { operations as routes } from './routes/index.ts';
import { operationActivity, type SecretsInContext, type Services } from './run-operation.ts';
import { operations as scripts } from './scripts/index.ts';
import { keepConnections } from './ssh/kept-connections.ts';
import { operations as swarm } from './swarm/index.ts';
import { systemActivities } from './system.ts';
import { operations as traffic } from './traffic/index.ts';
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
  const ssh = keepConnections();
  const provider = createDockerProvider({
    socketPath: settings.dockerSocket,
    lab: settings.lab,
    usual: settings.machineProvider,
  });
  const services: Services = { secrets, blueprints, ssh, machines: provider };

  const deployments = createDeployments({ client, taskQueue: settings.taskQueue, searchAttributes });
  const offered: OperationTable = {
    ...machines,
    ...routes,
    ...hostPoolOperations({
      installation: settings.lab,
      folder: join(settings.state, 'host-pools'),
    }),
    ...scripts,
    ...kubernetes,
    ...traffic,
    ...deploymentOperations(deployments),
  };
  const prepare = createCompiler({
    blueprints,
    values,
    offers: (implementation) =>
      [offered, swarm].some((table) => Object.hasOwn(table, implementation)) ||
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
      reachMachines: () => provider.reach(AbortSignal.timeout(reachMilliseconds)),
    }),
    ...operationActivities(offered, services, 'resolved'),
    ...operationActivities(swarm, services, 'referenced'),
    default: unknownOperation,
  };
  const close = async (): Promise<void> => {
    await Promise.all([ssh.close(), closeClusters()]);
  };
  return { activities, close };
}

const reachMilliseconds = 10_000;

/** Some of these are no activities but child workflows. */
const doneByEngine = /^deployments\./;

function operationActivities(table: OperationTable, services: Services, secrets: SecretsInContext) {
  return Object.fromEntries(
    Object.entries(table).map(([name, operation]) => [name, operationActivity(operation, services, secrets)]),
  );
}
