import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporal, stopTemporal, type TemporalEndpoint } from '../../lab/temporal.ts';
import { ensureTemporal } from '../../lab/toolchain/temporal.ts';
import { root, type Running, start } from './processes.ts';

/** A Temporal server with Web UI, and the real worker as a process, on folders of their own. */
export type Station = {
  readonly temporal: TemporalEndpoint;
  readonly folder: string;
  /** A copy of test/starting/blueprints, which need no machine. */
  readonly blueprints: string;
  /** By which worker, command and client find each other. */
  readonly environment: Readonly<Record<string, string>>;
  /** The `temporal` program. */
  readonly program: string;
  startWorker(): Promise<Running>;
  stop(): Promise<void>;
};

export type StationOptions = {
  /** Of a codec server that the Web UI’s pages ask. */
  readonly codecEndpoint?: string;
  /** Serve Temporal’s HTTP API. Default: no. */
  readonly http?: boolean;
};

export async function startStation(options: StationOptions = {}): Promise<Station> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-station-'));
  const [blueprints, server] = [join(folder, 'blueprints'), join(folder, 'temporal')];
  await cp(join(root, 'test', 'starting', 'blueprints'), blueprints, { recursive: true });
  await mkdir(server);
  const program = await ensureTemporal(() => undefined);
  const temporal = await startTemporal({
    folder: server,
    program,
    standardPorts: false,
    ...options,
  });
  const environment = {
    TEMPORAL_ADDRESS: temporal.address,
    BRAID_BLUEPRINTS: blueprints,
    BRAID_STATE: join(folder, 'state'),
    BRAID_LAB: 'station',
    // A person's own profile must not reach a test.
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  const workers: Running[] = [];
  return {
    temporal,
    folder,
    blueprints,
    environment,
    program,
    async startWorker() {
      const worker = start('src/worker.ts', [], environment, folder);
      workers.push(worker);
      await worker.said('worker ready');
      return worker;
    },
    async stop() {
      for (const { child } of workers) child.kill('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
      await stopTemporal(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
