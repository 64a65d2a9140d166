import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import Docker from 'dockerode';
import { text as readText } from 'node:stream/consumers';
import { inject, vi } from 'vitest';
import type { TemporalEndpoint } from '../../lab/temporal.ts';
import { workerSettings } from '../../lab/worker.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { connect } from '../../src/client/connect.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { hostEndpoint } from '../../src/activities/ssh/endpoint.ts';
import { keepConnections } from '../../src/activities/ssh/kept-connections.ts';
import { isJsonObject } from '../../src/contracts/json.ts';
import type { InstanceRecord } from '../../src/contracts/record.ts';
import { unseal } from '../../src/contracts/sealed.ts';
import { resolveSecrets } from '../../src/language/functions/index.ts';
import { openSecretFiles } from '../../src/store/secret-files.ts';
import type { SecretStore } from '../../src/store/secrets.ts';
import { type SocketProxy, startSocketProxy } from './socket-proxy.ts';

/** A worker of its own on the lab’s Temporal server, whose way to the Docker engine can be cut. */
export type ChainLab = {
  readonly braid: Braid;
  readonly client: Client;
  readonly taskQueue: string;
  /** Of all that this worker makes on the engine: `io.braid.lab`. */
  readonly label: string;
  readonly docker: Docker;
  readonly engineSocket: SocketProxy;
  /** The folder of the worker’s store: pools of hosts, secrets. */
  readonly store: string;
  /** What is on the engine and in the secret store of this worker’s own. */
  readonly belongings: () => Promise<Belongings>;
  readonly machines: () => Promise<readonly Docker.ContainerInfo[]>;
  /** Volumes of this worker’s machines. */
  readonly machineVolumes: () => Promise<readonly string[]>;
  readonly volumeExists: (name: string) => Promise<boolean>;
  /** What a command on a machine prints, run by the engine as root. Throws unless it ends with 0. */
  readonly inside: (machine: string, command: readonly string[]) => Promise<string>;
  /** The same over SSH, as root too: for a machine that is no container. */
  readonly overSsh: (deployment: string, node: string, command: string) => Promise<string>;
  /** Another worker like the first. */
  readonly startWorker: () => Promise<ChildProcess>;
  /** Ends a worker as nothing but a crash does. */
  readonly killWorker: (worker?: ChildProcess) => Promise<void>;
  /** The container of a node instance. */
  readonly machine: (deployment: string, node: string) => Promise<string>;
  close(): Promise<void>;
};

export type Belongings = {
  readonly machines: readonly string[];
  readonly networks: readonly string[];
  readonly secrets: readonly string[];
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** `temporal`: another server than the lab’s. */
export async function startChainLab(temporal?: TemporalEndpoint): Promise<ChainLab> {
  const lab = { ...inject('lab'), ...(temporal === undefined ? {} : { temporal }) };
  const docker = new Docker();
  const folder = await mkdtemp(join(tmpdir(), 'braid-chain-'));
  const label = `${lab.name}-${randomBytes(2).toString('hex')}`;
  const taskQueue = `chain-${label}`;
  const engineSocket = await startSocketProxy(join(folder, 'docker.sock'), '/var/run/docker.sock');
  const store = join(folder, 'store');
  const workers: ChildProcess[] = [];
  const startWorker = async (): Promise<ChildProcess> => {
    const worker = spawn(process.execPath, [join(root, 'src', 'worker.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...workerSettings({ lab: label, folder: lab.folder, temporal: lab.temporal }),
        BRAID_STATE: store,
        BRAID_TASK_QUEUE: taskQueue,
        BRAID_DOCKER_SOCKET: engineSocket.path,
      },
    });
    workers.push(worker);
    return worker;
  };
  const { address, namespace } = lab.temporal;
  const client = await connect({ connectionOptions: { address }, address, namespace }, dataConverter);
  await startWorker();
  const braid = createBraid({ client, taskQueue });
  await vi.waitUntil(() => braid.hasWorker(), { timeout: 60_000, interval: 200 });
  const filters = JSON.stringify({ label: [`io.braid.lab=${label}`] });
  const machines = () => docker.listContainers({ all: true, filters });
  return {
    braid,
    client,
    taskQueue,
    label,
    docker,
    engineSocket,
    store,
    belongings: async () => {
      const containers = await machines();
      const secrets = await openSecretFiles({ folder: join(store, 'secrets') });
      return {
        machines: containers.flatMap(({ Names }) => Names).toSorted(),
        networks: (await docker.listNetworks({ filters })).map(({ Name }) => Name).toSorted(),
        secrets: await secrets.list(''),
      };
    },
    machines,
    machineVolumes: async () => {
      const containers = await machines();
      return containers.flatMap(({ Mounts }) =>
        Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
      );
    },
    volumeExists: async (volume) => (await docker.listVolumes()).Volumes.some(({ Name }) => Name === volume),
    startWorker,
    killWorker: async (worker = workers.at(-1)) => {
      const ended = worker?.exitCode === null ? once(worker, 'exit') : undefined;
      worker?.kill('SIGKILL');
      await ended;
    },
    machine: (deployment, node) => machineOf(braid, deployment, node),
    inside: (machine, command) => runInside(docker.getContainer(machine), command),
    overSsh: async (deployment, node, command) => {
      const secrets = await openSecretFiles({ folder: join(store, 'secrets') });
      return await runOverSsh(await instanceOf(braid, deployment, node), secrets, command);
    },
    close: async () => {
      await Promise.all(workers.map(stopped));
      await client.connection.close();
      await engineSocket.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function instanceOf(braid: Braid, deployment: string, node: string): Promise<InstanceRecord> {
  const { instances } = await braid.deployment(deployment);
  const found = Object.values(instances).find((instance) => instance.node === node);
  if (found === undefined) throw new Error(`${deployment} has no instance of the node ${node}`);
  return found;
}

async function machineOf(braid: Braid, deployment: string, node: string): Promise<string> {
  const name = (await instanceOf(braid, deployment, node)).runtimeProperties['name'];
  if (typeof name !== 'string') throw new Error(`${deployment} has no machine of the node ${node}`);
  return name;
}

async function runOverSsh(
  { id, runtimeProperties, secrets: places = [] }: InstanceRecord,
  secrets: SecretStore,
  command: string,
): Promise<string> {
  const values = unseal({ data: runtimeProperties, secrets: places });
  const resolved = await resolveSecrets(values, (name) => secrets.get(name));
  if (!isJsonObject(resolved)) throw new Error('runtime properties are an object');
  const ssh = keepConnections();
  try {
    const endpoint = hostEndpoint({ id, properties: {}, runtimeProperties: resolved }, 'test');
    const { signal } = new AbortController();
    const connection = await ssh.connect(endpoint, signal);
    return (await connection.run(command, signal, { sudo: true })).stdout.trim();
  } finally {
    await ssh.close();
  }
}

async function runInside(container: Docker.Container, command: readonly string[]): Promise<string> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const text = await readText(stream);
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${command.join(' ')} ended with ${ExitCode}: ${text}`);
  return text;
}

async function stopped(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
}
