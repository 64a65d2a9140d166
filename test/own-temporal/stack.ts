import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import Docker from 'dockerode';
import { vi } from 'vitest';
import { freePort } from '../../lab/ports.ts';
import { createDataConverter } from '../../src/connection/data-converter.ts';
import { readProfile } from '../../src/connection/profile.ts';
import { makeCertificates } from '../support/certificates.ts';
import { compose, type Composed } from '../support/compose.ts';
import { ensureBuildBase } from './build-base.ts';

/** The services of docker-compose.temporal.yml, built and brought up under a name and on ports of their own. */
export type Stack = {
  readonly docker: Docker;
  /** Of the Compose project, and the label of what its workers make. */
  readonly name: string;
  /** As an operator's shell has it: for Docker Compose, and for the command. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ui: string;
  readonly codec: string;
  compose(...args: readonly string[]): Promise<Composed>;
  /** Its containers, all or those of a service. */
  containers(service?: string): Promise<readonly Docker.ContainerInspectInfo[]>;
  /** `kill -9` of a container's first process, as a crash has it: not by the engine, which would leave it dead. */
  crash(container: Docker.ContainerInspectInfo): Promise<void>;
  client(): Promise<Client>;
  close(): Promise<void>;
};

export type StackOptions = {
  /** Of docker-compose.….yml, over the main one. */
  readonly overrides: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

export async function startStack(options: StackOptions): Promise<Stack> {
  const docker = new Docker();
  const name = `own-${randomBytes(3).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'braid-own-'));
  const files = ['temporal', ...options.overrides].map((each) => `docker-compose.${each}.yml`);
  const base = await ensureBuildBase(docker);
  const environment = { ...(await settings(name, folder, base)), ...options.environment };
  const run = (...args: readonly string[]) => compose(files, args, environment);
  return {
    docker,
    name,
    environment,
    ui: `http://localhost:${environment.TEMPORAL_UI_PORT}`,
    codec: `http://localhost:${environment.BRAID_CODEC_PORT}`,
    compose: run,
    containers: (service) => containersOf(docker, name, service),
    crash: ({ State }) => killProcess(docker, base, State.Pid),
    client: () => connect(environment),
    close: async () => {
      await run('down', '--volumes', '--timeout', '5');
      await docker
        .getImage(`braid/worker:${name}`)
        .remove({ force: true })
        .catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function settings(name: string, folder: string, base: string) {
  makeCertificates(folder);
  const certificates = join(folder, 'certificates');
  await readableByContainers(certificates);
  const { gid } = await stat('/var/run/docker.sock');
  const ports = await freePorts([
    'TEMPORAL_PORT',
    'TEMPORAL_HTTP_PORT',
    'TEMPORAL_UI_PORT',
    'BRAID_CODEC_PORT',
  ]);
  return {
    ...ports,
    COMPOSE_PROJECT_NAME: name,
    COMPOSE_HTTP_TIMEOUT: '600',
    DOCKER_BUILDKIT: '0',
    POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
    BRAID_BASE: base,
    BRAID_VERSION: name,
    BRAID_LAB: name,
    BRAID_SECRET_KEY: randomBytes(32).toString('base64'),
    BRAID_PAYLOAD_KEY: randomBytes(32).toString('base64'),
    BRAID_CODEC_URL: `http://localhost:${ports.BRAID_CODEC_PORT}`,
    DOCKER_GROUP: String(gid),
    TEMPORAL_CERTIFICATES: certificates,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(certificates, 'ca.pem'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: join(certificates, 'client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: join(certificates, 'client.key'),
    TEMPORAL_TLS_SERVER_NAME: 'temporal',
  };
}

async function freePorts<Name extends string>(
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const taken: number[] = [];
  for (const _ of names) taken.push(await freePort(undefined, taken));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each name
  return Object.fromEntries(names.map((name, index) => [name, String(taken[index])])) as Record<Name, string>;
}

async function containersOf(docker: Docker, name: string, service?: string) {
  const label = [`com.docker.compose.project=${name}`];
  if (service !== undefined) label.push(`com.docker.compose.service=${service}`);
  const found = await docker.listContainers({ all: true, filters: { label } });
  return Promise.all(found.map(({ Id }) => docker.getContainer(Id).inspect()));
}

/** From a container that sees the processes of the engine's host, which this test need not be on as root. */
async function killProcess(docker: Docker, image: string, pid: number): Promise<void> {
  const HostConfig = { PidMode: 'host', AutoRemove: true };
  const [{ StatusCode }] = await docker.run(image, ['kill', '-9', String(pid)], process.stdout, {
    HostConfig,
  });
  if (StatusCode !== 0) throw new Error(`The process ${pid} could not be killed.`);
}

async function connect(environment: Readonly<Record<string, string>>): Promise<Client> {
  const { connectionOptions, namespace } = readProfile(environment);
  const connection = await vi.waitUntil(() => Connection.connect(connectionOptions).catch(() => undefined), {
    timeout: 60_000,
    interval: 500,
  });
  const key = environment['BRAID_PAYLOAD_KEY'];
  return new Client({ connection, namespace, dataConverter: createDataConverter({ key, oldKeys: [] }) });
}

/** Their user is another one than whoever runs the test, who may be unable to give files away. */
async function readableByContainers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644);
  await chmod(join(folder, '..'), 0o755);
}
