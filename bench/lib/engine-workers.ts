import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.ts';
import { operationActivity, type Services } from '../../src/activities/run-operation.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import type { Settings } from '../../src/connection/settings.ts';
import { workflowBundleOptions } from '../../src/connection/workflow-bundle.ts';
import type { SystemActivities } from '../../src/contracts/activities.ts';
import { failure } from '../../src/contracts/failure.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { noOperation } from './no-op-plan.ts';

export type WorkerOptions = {
  readonly client: Client;
  readonly address: string;
  readonly settings: Settings;
  /** By the path that an install gives. */
  readonly plans: ReadonlyMap<string, Plan>;
};

/** A worker with Braid's workflows and activities, and one whose workflows run one activity a node. */
export async function startWorkers(options: WorkerOptions): Promise<{ readonly stop: () => Promise<void> }> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: options.address });
  const shared = { connection, namespace: options.client.options.namespace, dataConverter };
  const capacity = { maxConcurrentActivityTaskExecutions: 200 };
  const { activities, close } = await braidActivities(options);
  const workers = [
    await Worker.create({
      ...shared,
      ...capacity,
      taskQueue: options.settings.taskQueue,
      workflowsPath: workflowBundleOptions.workflowsPath,
      bundlerOptions: { preloadModules: workflowBundleOptions.preloadModules },
      activities,
    }),
    await Worker.create({
      ...shared,
      ...capacity,
      taskQueue: bareQueue,
      workflowsPath: fileURLToPath(new URL('bare-workflows.ts', import.meta.url)),
      activities: { nothing: () => Promise.resolve() },
    }),
  ];
  const running = workers.map((worker) => worker.run());
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await close();
      await connection.close();
    },
  };
}

export const bareQueue = 'bare';

/** Blueprints come from the table instead of the compiler; all else is as in a worker. */
async function braidActivities({ client, settings, plans }: WorkerOptions) {
  const { activities, close } = await createActivities({ client, settings, searchAttributes: true });
  const planOf = (path: string): Plan => {
    const plan = plans.get(path);
    if (plan === undefined) throw failure('BlueprintNotFound', `There is no blueprint ${path}.`);
    return plan;
  };
  const prepared: Pick<SystemActivities, 'prepareBlueprint' | 'loadPlan'> = {
    prepareBlueprint: async ({ path }) => ({
      blueprint: { reference: path, main: path, path },
      plan: planOf(path),
      planReference: path,
    }),
    loadPlan: async ({ plan }) => planOf(plan),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an operation that does nothing needs nothing
  const services = {} as Services;
  return {
    activities: {
      ...activities,
      ...prepared,
      [noOperation]: operationActivity(async () => ({}), services),
    },
    close,
  };
}
