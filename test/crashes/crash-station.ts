import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** A Temporal server on a database file and the real worker, both processes that can be killed at chosen steps. */
export type CrashStation = {
  readonly braid: Braid;
  readonly client: Client;
  readonly cloud: Cloud;
  readonly environment: Readonly<Record<string, string>>;
  startWorker(): Promise<Running>;
  startServer(): Promise<void>;
  killServer(): Promise<void>;
  /** Where executions stop from now on. */
  hold(...holds: readonly Hold[]): Promise<void>;
  /** Deployments whose executions have stopped. */
  held(): readonly string[];
  letGo(...deployments: readonly string[]): Promise<void>;
  /** Every step that was reached, in order. */
  steps(): readonly StepReached[];
  stop(): Promise<void>;
};

export type StepReached = Omit<Hold, 'moment'> & {
  readonly moment: Hold['moment'] | 'failed';
  readonly attempt: number;
};

export async function startCrashStation(): Promise<CrashStation> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-crashes-'));
  const [faults, server] = [join(folder, 'faults'), join(folder, 'temporal')];
  const heldFolder = join(faults, 'held');
  await mkdir(heldFolder, { recursive: true });
  await mkdir(dirname(holdFile(faults, 'any')));
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
  const braid = createBraid({ client, taskQueue: 'braid' });
  return {
    braid,
    client,
    cloud: openCloud(join(faults, 'cloud')),
    environment,
    async startWorker() {
      const preload = join(root, 'test', 'crashes', 'faulty-worker.ts');
      const args = ['--import', preload, join(root, 'src', 'worker.ts')];
      const worker = startProgram(process.execPath, args, environment, folder);
      workers.push(worker);
      await worker.said('worker ready');
      await vi.waitUntil(() => braid.hasWorker(), { timeout: 30_000, interval: 50 });
      return worker;
    },
    startServer: async () => void (await startServer()),
    killServer: () => killTemporal(server),
    async hold(...holds) {
      for (const hold of holds) await writeFile(holdFile(faults, hold.deployment), JSON.stringify(hold));
    },
    held: () => readdirSync(heldFolder),
    async letGo(...deployments) {
      for (const deployment of deployments) {
        await rm(holdFile(faults, deployment), { force: true });
        await rm(heldFile(faults, deployment), { force: true });
      }
    },
    steps: () =>
      existsSync(stepsFile(faults))
        ? readFileSync(stepsFile(faults), 'utf8').trimEnd().split('\n').map(parsedStep)
        : [],
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
