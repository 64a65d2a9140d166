import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type Daemon, isAlive, runningDaemon, startDaemon, stopDaemon, tellLog } from './process.ts';
import { choosePorts, type LabPorts, readPorts } from './settings.ts';
import { namespace, serverArguments, toArguments } from './temporal-options.ts';

export type TemporalEndpoint = {
  /** gRPC, `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** The Web UI. */
  readonly ui: string;
  /** The HTTP API. */
  readonly http: string;
};

export type TemporalOptions = {
  /** The lab's state folder: database, log and ports are kept in it. */
  readonly folder: string;
  /** The `temporal` program. */
  readonly program: string;
  /** Take 7233, 8233 and 7243 if they are free. */
  readonly standardPorts: boolean;
  /** Of a codec server, which the Web UI's pages ask. */
  readonly codecEndpoint?: string;
  /** Until it must be healthy, in ms; default one minute. */
  readonly patience?: number;
};

/** Starts the lab's Temporal, or finds it running, and waits until it is healthy. Its database outlives it. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalEndpoint> {
  const daemon = temporalDaemon(options.folder);
  const running = await runningDaemon(daemon);
  const known = running && (await readPorts(options.folder));
  if (running && !known) await stopDaemon(daemon);
  const ports = known ?? (await choosePorts(options.folder, options.standardPorts));
  await startDaemon(daemon, {
    command: options.program,
    args: ['server', 'start-dev', ...serverArguments, ...labArguments(options, ports)],
    cwd: options.folder,
    env: withoutTemporalSettings(process.env),
  });
  await waitUntilHealthy(daemon, endpointOf(ports), options.patience ?? 60_000);
  return endpointOf(ports);
}

/** Stops the server; the database stays. True if it ran. */
export function stopTemporal(folder: string): Promise<boolean> {
  return stopDaemon(temporalDaemon(folder));
}

/** Where the lab's Temporal is, and whether it answers; `undefined` if it was never started. */
export async function temporalStatus(
  folder: string,
): Promise<{ readonly endpoint: TemporalEndpoint; readonly healthy: boolean } | undefined> {
  const ports = await readPorts(folder);
  if (ports === undefined) return undefined;
  const endpoint = endpointOf(ports);
  const running = (await runningDaemon(temporalDaemon(folder))) !== undefined;
  return { endpoint, healthy: running && (await answers(endpoint)) };
}

/** The environment without a person's own Temporal settings, which must not reach a lab. */
export function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('TEMPORAL_')));
}

function temporalDaemon(folder: string): Daemon {
  return { folder, name: 'temporal' };
}

function labArguments({ folder, codecEndpoint }: TemporalOptions, ports: LabPorts): readonly string[] {
  return [
    '--disable-config-file',
    ...toArguments({
      ip: '127.0.0.1',
      port: ports.temporal,
      'ui-port': ports.ui,
      'http-port': ports.http,
      'db-filename': join(folder, 'temporal.db'),
      'sqlite-pragma': ['journal_mode=WAL', 'synchronous=NORMAL'],
      'log-level': 'warn',
      ...(codecEndpoint === undefined ? {} : { 'ui-codec-endpoint': codecEndpoint }),
    }),
  ];
}

function endpointOf(ports: LabPorts): TemporalEndpoint {
  return {
    address: `127.0.0.1:${ports.temporal}`,
    namespace,
    ui: `http://127.0.0.1:${ports.ui}`,
    http: `http://127.0.0.1:${ports.http}`,
  };
}

async function waitUntilHealthy(daemon: Daemon, endpoint: TemporalEndpoint, patience: number): Promise<void> {
  const deadline = Date.now() + patience;
  const identity = await runningDaemon(daemon);
  while (!(await answers(endpoint))) {
    if (identity === undefined || !(await isAlive(identity))) {
      throw new Error(`The Temporal server ended while it was starting. ${await tellLog(daemon)}`);
    }
    if (Date.now() > deadline) {
      throw new Error(
        `The Temporal server at ${endpoint.address} is not healthy after ${patience / 1000} s. ${await tellLog(daemon)}`,
      );
    }
    await wait(200);
  }
}

/** Healthy is: the namespace is there over gRPC, and the Web UI serves. */
async function answers(endpoint: TemporalEndpoint): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address: endpoint.address, connectTimeout: 2_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: endpoint.namespace });
    } finally {
      await connection.close();
    }
    return (await fetch(endpoint.ui, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
