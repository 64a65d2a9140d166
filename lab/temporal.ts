import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type Daemon, isAlive, runningDaemon, startDaemon, stopDaemon, tellLog } from './process.ts';
import { servesHttp, startGuards, stopGuards } from './guards.ts';
import { chooseSettings, type LabSettings, readSettings } from './settings.ts';
import { namespace, serverArguments, toArguments, withoutTemporalSettings } from './temporal-options.ts';

export type TemporalEndpoint = {
  /** gRPC, `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** The Web UI. */
  readonly ui: string;
  /** The HTTP API; null: it was not asked for. */
  readonly http: string | null;
};

export type TemporalOptions = {
  /** The lab's state folder: database, log and ports are kept in it. */
  readonly folder: string;
  /** The `temporal` program. */
  readonly program: string;
  /** Take 7233, 8233 and 7243 if they are free. */
  readonly standardPorts: boolean;
  /** Serve the HTTP API. Default: no. */
  readonly http?: boolean;
  /** Of a codec server, which the Web UI's pages ask. */
  readonly codecEndpoint?: string;
  /** Until it must be healthy, in ms; default one minute. */
  readonly patience?: number;
};

/** Starts the lab's Temporal, or finds it running, and waits until it is healthy. Its database outlives it. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalEndpoint> {
  const daemon = temporalDaemon(options.folder);
  const running = await runningDaemon(daemon);
  const known = running && (await readSettings(options.folder));
  if (running && !known) await stopDaemon(daemon);
  if (!known) await stopGuards(options.folder);
  const settings = known ?? (await chooseSettings(options.folder, options.standardPorts));
  const http = options.http ?? false;
  await startDaemon(daemon, {
    command: options.program,
    args: ['server', 'start-dev', ...serverArguments, ...labArguments(options, settings)],
    cwd: options.folder,
    env: withoutTemporalSettings(process.env),
  });
  const endpoint = endpointOf(settings, http);
  try {
    await startGuards(options.folder, settings, { http });
    await waitUntilHealthy(daemon, endpoint, options.patience ?? 60_000);
  } catch (error) {
    await stopGuards(options.folder);
    throw error;
  }
  return endpoint;
}

/** Stops the server; the database stays. True if it ran. */
export async function stopTemporal(folder: string): Promise<boolean> {
  await stopGuards(folder);
  return stopDaemon(temporalDaemon(folder));
}

/** Where the lab's Temporal is, and whether it answers; `undefined` if it was never started. */
export async function temporalStatus(
  folder: string,
): Promise<{ readonly endpoint: TemporalEndpoint; readonly healthy: boolean } | undefined> {
  const settings = await readSettings(folder);
  if (settings === undefined) return undefined;
  const endpoint = endpointOf(settings, await servesHttp(folder));
  const running = (await runningDaemon(temporalDaemon(folder))) !== undefined;
  return { endpoint, healthy: running && (await answers(endpoint)) };
}

function temporalDaemon(folder: string): Daemon {
  return { folder, name: 'temporal' };
}

function labArguments(
  { folder, codecEndpoint }: TemporalOptions,
  { ports, hidden }: LabSettings,
): readonly string[] {
  return [
    '--disable-config-file',
    ...toArguments({
      ip: '127.0.0.1',
      port: ports.temporal,
      'ui-ip': hidden.uiAddress,
      'ui-port': hidden.uiPort,
      // It cannot be left out.
      'http-port': hidden.httpPort,
      'dynamic-config-value': `frontend.httpAllowedHosts=${JSON.stringify([hidden.httpName])}`,
      'db-filename': join(folder, 'temporal.db'),
      'sqlite-pragma': ['journal_mode=WAL', 'synchronous=NORMAL'],
      'log-level': 'warn',
      ...(codecEndpoint === undefined ? {} : { 'ui-codec-endpoint': codecEndpoint }),
    }),
  ];
}

function endpointOf({ ports }: LabSettings, http: boolean): TemporalEndpoint {
  return {
    address: `127.0.0.1:${ports.temporal}`,
    namespace,
    ui: `http://127.0.0.1:${ports.ui}`,
    http: http ? `http://127.0.0.1:${ports.http}` : null,
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
