import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import {
  type Daemon,
  isAlive,
  logFile,
  type ProcessIdentity,
  runningDaemon,
  startDaemon,
  stopDaemon,
  tellLog,
} from './process.ts';
import { readJsonFile, writeJsonFile } from './state.ts';
import type { TemporalEndpoint } from './temporal.ts';
import { withoutTemporalSettings } from './temporal-options.ts';

export const taskQueue = 'braid';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a running worker was started from: when it differs, the worker is started anew. */
const originSchema = z.object({ root: z.string(), sources: z.number(), address: z.string() });

export type WorkerOptions = {
  /** The lab's name: the label of all that its worker makes. */
  readonly lab: string;
  /** The lab's state folder. */
  readonly folder: string;
  readonly temporal: TemporalEndpoint;
  /** Until it must be polling, in ms; default one minute. */
  readonly patience?: number;
};

/** Starts the lab's worker, or finds it running with these sources, and waits until it polls its task queue. */
export async function startWorker(options: WorkerOptions): Promise<void> {
  const daemon = workerDaemon(options.folder);
  const origin = { root, sources: await newestSource(), address: options.temporal.address };
  if (!(await startedFrom(options.folder, origin))) await stopDaemon(daemon, 40_000);
  await writeProfile(options);
  const before = await logSize(daemon);
  const alreadyRuns = (await runningDaemon(daemon)) !== undefined;
  const identity = await startDaemon(daemon, {
    command: process.execPath,
    args: [join(root, 'src', 'worker.ts')],
    cwd: options.folder,
    env: { ...withoutTemporalSettings(process.env), ...workerSettings(options) },
  });
  await writeJsonFile(originFile(options.folder), origin);
  await waitUntilReady(daemon, identity, alreadyRuns ? 0 : before, options);
}

/** Stops the worker; what it was doing goes on when it is started again. True if it ran. */
export function stopWorker(folder: string): Promise<boolean> {
  return stopDaemon(workerDaemon(folder), 40_000);
}

export async function workerRuns(folder: string): Promise<boolean> {
  return (await runningDaemon(workerDaemon(folder))) !== undefined;
}

/** All that `src/worker.ts` is told: Temporal's own variables, and Braid's folders. */
export function workerSettings(options: WorkerOptions): Readonly<Record<string, string>> {
  return {
    TEMPORAL_ADDRESS: options.temporal.address,
    TEMPORAL_NAMESPACE: options.temporal.namespace,
    TEMPORAL_CONFIG_FILE: profileFile(options.folder),
    BRAID_STATE: storeFolder(options.folder),
    BRAID_BLUEPRINTS: join(root, 'blueprints'),
    BRAID_LAB: options.lab,
    BRAID_TASK_QUEUE: taskQueue,
  };
}

/** Where the lab's worker keeps blueprints, values and secrets. */
export function storeFolder(folder: string): string {
  return join(folder, 'store');
}

/** Temporal's client profile of the lab: its programs take it instead of a person's own. */
function profileFile(folder: string): string {
  return join(folder, 'temporal.toml');
}

function writeProfile({ folder, temporal }: WorkerOptions): Promise<void> {
  const { address, namespace } = temporal;
  return writeFile(
    profileFile(folder),
    `[profile.default]\naddress = "${address}"\nnamespace = "${namespace}"\n`,
  );
}

function workerDaemon(folder: string): Daemon {
  return { folder, name: 'worker' };
}

function originFile(folder: string): string {
  return join(folder, 'worker.json');
}

async function startedFrom(folder: string, origin: z.infer<typeof originSchema>): Promise<boolean> {
  const parsed = originSchema.safeParse(await readJsonFile(originFile(folder)));
  if (!parsed.success) return false;
  const { data } = parsed;
  return data.root === origin.root && data.sources === origin.sources && data.address === origin.address;
}

/** When the youngest file of the sources was changed, in ms. */
async function newestSource(): Promise<number> {
  const folder = join(root, 'src');
  const names = await readdir(folder, { recursive: true });
  const times = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs));
  return Math.max(0, ...times);
}

async function waitUntilReady(
  daemon: Daemon,
  identity: ProcessIdentity,
  logFrom: number,
  options: WorkerOptions,
): Promise<void> {
  const deadline = Date.now() + (options.patience ?? 60_000);
  while (!(await saysReady(daemon, logFrom)) && !(await polls(identity, options.temporal))) {
    if (!(await isAlive(identity)))
      throw new Error(`The worker ended while it was starting. ${await tellLog(daemon)}`);
    if (Date.now() > deadline)
      throw new Error(`The worker does not poll its task queue. ${await tellLog(daemon)}`);
    await wait(200);
  }
}

async function saysReady(daemon: Daemon, from: number): Promise<boolean> {
  const log = await readFile(logFile(daemon));
  return log.subarray(from).includes('worker ready');
}

/** The server remembers pollers of dead workers for minutes, so this one is known by its process number. */
async function polls(identity: ProcessIdentity, temporal: TemporalEndpoint): Promise<boolean> {
  const connection = await Connection.connect({ address: temporal.address, connectTimeout: 2_000 });
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: temporal.namespace,
      taskQueue: { name: taskQueue },
    });
    return (pollers ?? []).some((poller) => poller.identity?.startsWith(`${identity.pid}@`));
  } finally {
    await connection.close();
  }
}

async function logSize(daemon: Daemon): Promise<number> {
  return stat(logFile(daemon)).then(
    (file) => file.size,
    () => 0,
  );
}
