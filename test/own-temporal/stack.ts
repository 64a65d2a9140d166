import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import Docker from 'dockerode';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import { freePort } from '../../lab/ports.ts';
import { meantCalls } from '../../src/client/meant-calls.ts';
import { createDataConverter } from '../../src/connection/data-converter.ts';
import { readProfile } from '../../src/connection/profile.ts';
import { makeCertificates } from '../support/certificates.ts';
import { compose, type Composed } from '../support/compose.ts';
import { ensureBuildBase } from './build-base.ts';

/** The services of docker-compose.temporal.yml, built and brought up under a name and on ports of their own. */
export type Stack = {
  readonly docker: Docker;
  /** Of the Compose project, of its images, and the label of what its workers make. */
  readonly name: string;
  /** As an operator's shell has it: for Docker Compose, and for the command. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ui: string;
  readonly compose: (...args: readonly string[]) => Promise<Composed>;
  /** Its containers, all or those of a service. */
  readonly containers: (service?: string) => Promise<readonly Docker.ContainerInspectInfo[]>;
  /** `kill -9` of a container's first process, as a crash has it: not by the engine, which would leave it dead. */
  readonly crash: (service: string) => Promise<void>;
  readonly client: () => Promise<Client>;
  readonly close: () => Promise<void>;
};

export async function startStack(...overrides: readonly string[]): Promise<Stack> {
  const docker = new Docker();
  const name = `own-${randomBytes(3).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'braid-own-'));
  const base = await ensureBuildBase(docker);
  const environment = await settings(name, folder, base);
  const files = [
    ...['temporal', ...overrides].map((each) => `docker-compose.${each}.yml`),
    await ownImages(name, folder),
  ];
  const run = (...args: readonly string[]) => compose(files, args, environment);
  const containers = (service?: string) => containersOf(docker, name, service);
  return {
    docker,
    name,
    environment,
    ui: `http://localhost:${environment.TEMPORAL_UI_PORT}`,
    compose: run,
    containers,
    async crash(service) {
      const [container] = await containers(service);
      if (container === undefined) throw new Error(`There is no container of ${service}.`);
      await killProcess(docker, base, container.State.Pid);
    },
    client: () => connect(environment),
    async close() {
      await run('down', '--volumes', '--rmi', 'all', '--timeout', '5');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function settings(name: string, folder: string, base: string) {
  makeCertificates(folder);
  const certificates = join(folder, 'certificates');
  await readableByContainers(certificates);
  const { gid } = await stat('/var/run/docker.sock');
  const temporal = await freePort();
  const ui = await freePort(undefined, [temporal]);
  const codec = await freePort(undefined, [temporal, ui]);
  return {
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    BRAID_CODEC_PORT: String(codec),
    COMPOSE_PROJECT_NAME: name,
    COMPOSE_HTTP_TIMEOUT: '600',
    // Debian's client has the other way of building only with a plugin that Debian does not have.
    DOCKER_BUILDKIT: '0',
    POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
    BRAID_BASE: base,
    BRAID_LAB: name,
    BRAID_SECRET_KEY: randomBytes(32).toString('base64'),
    BRAID_PAYLOAD_KEY: randomBytes(32).toString('base64'),
    BRAID_CODEC_TOKEN: randomBytes(32).toString('hex'),
    BRAID_CODEC_URL: `http://localhost:${codec}`,
    DOCKER_GROUP: String(gid),
    TEMPORAL_CERTIFICATES: certificates,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(certificates, 'ca.pem'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: join(certificates, 'client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: join(certificates, 'client.key'),
    TEMPORAL_TLS_SERVER_NAME: 'temporal',
  };
}

/** So that they can be removed, while those of the usual names may be another's. */
async function ownImages(name: string, folder: string): Promise<string> {
  const images = {
    postgresql: 'postgresql',
    schema: 'temporal-admin-tools',
    temporal: 'temporal-server',
    namespace: 'worker',
    ui: 'temporal-ui',
    worker: 'worker',
    codec: 'worker',
    guard: 'worker',
  };
  const services = Object.entries(images).map(([service, image]) => [
    service,
    { image: `braid/${image}:${name}` },
  ]);
  const file = join(folder, 'own-images.yml');
  await writeFile(file, stringify({ services: Object.fromEntries(services) }));
  return file;
}

async function containersOf(docker: Docker, name: string, service?: string) {
  const label = [`com.docker.compose.project=${name}`];
  if (service !== undefined) label.push(`com.docker.compose.service=${service}`);
  const found = await docker.listContainers({ all: true, filters: { label } });
  return Promise.all(found.map(({ Id }) => docker.getContainer(Id).inspect()));
}

/** From a container that sees the processes of the engine's host, which this test need not be on as root. */
async function killProcess(docker: Docker, image: string, pid: number): Promise<void> {
  const killer = await docker.createContainer({
    Image: image,
    // The shell's own: a small Debian has no other.
    Cmd: ['/bin/sh', '-c', `kill -9 ${pid}`],
    HostConfig: { PidMode: 'host' },
  });
  try {
    await killer.start();
    const { StatusCode } = await killer.wait();
    if (StatusCode !== 0) throw new Error(`The process ${pid} could not be killed.`);
  } finally {
    await killer.remove({ force: true });
  }
}

async function connect(environment: Readonly<Record<string, string>>): Promise<Client> {
  const { connectionOptions, namespace } = readProfile(environment);
  const connection = await vi.waitUntil(() => Connection.connect(connectionOptions).catch(() => undefined), {
    timeout: 60_000,
    interval: 500,
  });
  const key = environment['BRAID_PAYLOAD_KEY'];
  const dataConverter = createDataConverter({ key, oldKeys: [] });
  return new Client({ connection, namespace, dataConverter, interceptors: meantCalls });
}

/** Their user is another one than whoever runs the test, who may be unable to give files away. */
async function readableByContainers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644);
  await chmod(join(folder, '..'), 0o755);
}
