import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Client } from '@temporalio/client';
import { vi } from 'vitest';
import { startTemporal, stopTemporal } from '../../lab/temporal.ts';
import { ensureTemporal } from '../../lab/toolchain/temporal.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { connect } from '../../src/client/connect.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { killTemporal } from '../support/kill-temporal.ts';
import { root, type Running, startProgram } from '../support/processes.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { heldFile, type Hold, holdFile, stepsFile } from './holds.ts';

/** A Temporal server on a database file and real workers, all processes that can be killed at chosen steps. */
export type CrashStation = {
  readonly client: Client;
  readonly cloud: Cloud;
  /** Workers of one site share a task queue, and do nothing for another. */
  site(name: string): Site;
  startServer(): Promise<void>;
  killServer(): Promise<void>;
  /** Where executions stop from now on. */
  hold(...holds: readonly Hold[]): Promise<void>;
  /** Waits until the executions have stopped there. */
  haveStopped(holds: readonly Pick<Hold, 'deployment'>[]): Promise<void>;
  letGo(...holds: readonly Pick<Hold, 'deployment'>[]): Promise<void>;
  /** Every step that was reached, by any worker, in order. */
  steps(): readonly StepReached[];
  /** Waits until the first attempt of a step has ended, which the server may not know of any more; tells how. */
  firstAttemptEnded(step: Omit<Hold, 'moment'>): Promise<'after' | 'failed'>;
  stop(): Promise<void>;
};

export type Site = { readonly braid: Braid; startWorker(): Promise<Running> };

export type StepReached = Omit<Hold, 'moment'> & {
  readonly moment: Hold['moment'] | 'failed';
  readonly attempt: number;
};

export async function startCrashStation(): Promise<CrashStation> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-crashes-'));
  const [faults, server] = [join(folder, 'faults'), join(folder, 'temporal')];
  for (const file of [holdFile(faults, 'any'), heldFile(faults, 'any')]) {
    await mkdir(dirname(file), { recursive: true });
  }
  const program = await ensureTemporal(() => undefined);
  const startServer = () => startTemporal({ folder: server, program, standardPorts: false });
  const { address, namespace } = await startServer();
  const environment = {
    TEMPORAL_ADDRESS: address,
    BRAID_BLUEPRINTS: join(root, 'test', 'crashes', 'blueprints'),
    BRAID_STATE: join(folder, 'state'),
    BRAID_LAB: 'crashes',
    BRAID_TEST_CRASHES: faults,
    // A person's own profile must not reach a test.
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  const profile = { connectionOptions: { address }, address, namespace };
  const client = await connect(profile, dataConverter);
  const workers: Running[] = [];
  const steps = (): readonly StepReached[] =>
    existsSync(stepsFile(faults))
      ? readFileSync(stepsFile(faults), 'utf8').trimEnd().split('\n').map(parsedStep)
      : [];
  return {
    client,
    cloud: openCloud(join(faults, 'cloud')),
    site(taskQueue) {
      const braid = createBraid({ client, taskQueue });
      const startWorker = async (): Promise<Running> => {
        const preload = join(root, 'test', 'crashes', 'faulty-worker.ts');
        const args = ['--import', preload, join(root, 'src', 'worker.ts')];
        const settings = { ...environment, BRAID_TASK_QUEUE: taskQueue };
        const worker = startProgram(process.execPath, args, settings, folder);
        workers.push(worker);
        await worker.said('worker ready');
        await vi.waitUntil(() => braid.hasWorker(), { timeout: 30_000, interval: 50 });
        return worker;
      };
      return { braid, startWorker };
    },
    startServer: async () => void (await startServer()),
    killServer: () => killTemporal(server),
    async hold(...holds) {
      for (const hold of holds) await writeFile(holdFile(faults, hold.deployment), JSON.stringify(hold));
    },
    async haveStopped(holds) {
      const all = holds.map(({ deployment }) => heldFile(faults, deployment));
      await vi.waitUntil(() => all.every((file) => existsSync(file)), { timeout: 120_000, interval: 50 });
    },
    async letGo(...holds) {
      for (const { deployment } of holds) {
        await rm(holdFile(faults, deployment), { force: true });
        await rm(heldFile(faults, deployment), { force: true });
      }
    },
    steps,
    firstAttemptEnded: ({ deployment, step }) =>
      vi.waitUntil(
        () =>
          steps()
            .filter((each) => each.deployment === deployment && each.step === step && each.attempt === 1)
            .map(({ moment }) => moment)
            .find((moment) => moment !== 'before'),
        { timeout: 60_000, interval: 100 },
      ),
    async stop() {
      await client.connection.close();
      for (const { child } of workers) child.kill('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
      await stopTemporal(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parsedStep(line: string): StepReached {
  const step: StepReached = JSON.parse(line);
  return step;
}
