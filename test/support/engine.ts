import { createHash } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject, vi } from 'vitest';
import { createDeployments } from '../../src/activities/deployments/deployments.ts';
import { deploymentOperations } from '../../src/activities/deployments/index.ts';
import type { Kept } from '../../src/activities/deployments/kept.ts';
import type { OperationTable } from '../../src/activities/operation.ts';
import { operationActivity, type Services } from '../../src/activities/run-operation.ts';
import { systemActivities } from '../../src/activities/system.ts';
import { unknownOperation } from '../../src/activities/unknown-operation.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { failure } from '../../src/contracts/failure.ts';

/** The real engine on a real Temporal server, with plans and operations that a test gives. */
export type Engine = {
  readonly braid: Braid;
  readonly client: Client;
  readonly taskQueue: string;
  /** Installs of this path get this plan. */
  readonly plans: Map<string, Plan>;
  readonly secrets: Map<string, string>;
  close(): Promise<void>;
};

// Failures that a test provokes are expected; only what the worker itself cannot do is told.
Runtime.install({ logger: new DefaultLogger('ERROR') });

let engines = 0;

export async function startEngine(operations: OperationTable): Promise<Engine> {
  const { address, namespace, bundlePath } = inject('temporal');
  engines += 1;
  const taskQueue = `engine-${process.pid}-${engines}`;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace, dataConverter });
  const plans = new Map<string, Plan>();
  const secrets = new Map<string, string>();
  const deployments = createDeployments({ client, taskQueue, searchAttributes: true });
  const services = servicesWith(secrets);
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    dataConverter,
    workflowBundle: { codePath: bundlePath },
    activities: {
      ...systemActivities({
        client,
        deployments,
        searchAttributes: true,
        secrets: services.secrets,
        reachMachines: () => Promise.resolve(),
        kept: keptForEver,
        values: {
          put: reject,
          exists: () => Promise.resolve(true),
          get: async (reference) => planBy(plans, reference),
        },
        prepare: async (path) => {
          const plan = plans.get(path);
          if (plan === undefined) throw failure('BlueprintNotFound', `There is no blueprint ${path}.`);
          const reference = hashOf(plan);
          return { blueprint: { reference, main: path, path }, plan, planReference: reference };
        },
      }),
      ...Object.fromEntries(
        Object.entries({ ...operations, ...deploymentOperations(deployments) }).map(([name, operation]) => [
          name,
          operationActivity(operation, services),
        ]),
      ),
      default: unknownOperation,
    },
  });
  const running = worker.run();
  const braid = createBraid({ client, taskQueue });
  await vi.waitUntil(() => braid.hasWorker(), { timeout: 30_000, interval: 50 });
  return {
    braid,
    client,
    taskQueue,
    plans,
    secrets,
    close: async () => {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
    },
  };
}

/** Plans are the test’s own. */
const keptForEver: Kept = {
  preparing: () => ({ plan: () => Promise.resolve(), blueprint: () => Promise.resolve() }),
  begins: () => Promise.resolve(),
  forget: () => Promise.resolve(),
  leaves: () => Promise.resolve(),
  sweep: () => Promise.resolve(0),
};

function planBy(plans: ReadonlyMap<string, Plan>, reference: string): Plan {
  const plan = [...plans.values()].find((each) => hashOf(each) === reference);
  if (plan === undefined) throw failure('Internal', `There is no plan ${reference}.`);
  return plan;
}

function hashOf(plan: Plan): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(plan)).digest('hex')}`;
}

/** Only secrets are there: the operations of these tests touch nothing else. */
function servicesWith(secrets: Map<string, string>): Services {
  const store = {
    get: async (name: string) => {
      const value = secrets.get(name);
      if (value === undefined) throw failure('SecretNotFound', `There is no secret ${name}.`);
      return value;
    },
    put: async (name: string, value: string) => void secrets.set(name, value),
    ensure: reject,
    remove: async (name: string) => void secrets.delete(name),
    list: async (prefix: string) => [...secrets.keys()].filter((name) => name.startsWith(prefix)).toSorted(),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test that needs more fails on it
  return { secrets: store } as Partial<Services> as Services;
}

async function reject(): Promise<never> {
  throw new Error('not part of this test');
}
