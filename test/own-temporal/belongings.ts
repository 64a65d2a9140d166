import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stack } from './stack.ts';

/** What is on the engine of a stack's own, and of what its workers made. */
export type Belongings = Readonly<
  Record<'services' | 'machines' | 'networks' | 'volumes' | 'images' | 'secrets', readonly string[]>
>;

/** Volumes without a name are known by the containers that they are mounted in, also once these are gone. */
const anonymous = new Set<string>();

export async function belongingsOf(stack: Stack): Promise<Belongings> {
  const { docker, name } = stack;
  const own = { filters: JSON.stringify({ name: [name] }) };
  const made = { filters: JSON.stringify({ label: [`io.braid.lab=${name}`] }) };
  const machines = await docker.listContainers({ all: true, ...made });
  const services = (await docker.listContainers({ all: true, ...own })).filter(({ Names }) =>
    Names.some((each) => each.startsWith(`/${name}`)),
  );
  for (const { Mounts } of [...services, ...machines]) {
    for (const { Type, Name } of Mounts) if (Type === 'volume' && Name !== undefined) anonymous.add(Name);
  }
  const networks = (await docker.listNetworks()).filter(
    ({ Name, Labels }) => Name.startsWith(name) || Labels?.['io.braid.lab'] === name,
  );
  const { Volumes } = await docker.listVolumes();
  const volumes = Volumes.map(({ Name }) => Name);
  const images = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  return {
    services: services.flatMap(({ Names }) => Names).toSorted(),
    machines: machines.flatMap(({ Names }) => Names).toSorted(),
    networks: networks.map(({ Name }) => Name).toSorted(),
    volumes: volumes.filter((each) => anonymous.has(each) || each.startsWith(name)).toSorted(),
    images: images.filter((tag) => tag.endsWith(`:${name}`)).toSorted(),
    secrets: await secretsOf(stack),
  };
}

async function secretsOf({ containers }: Stack): Promise<readonly string[]> {
  const worker = (await containers('worker')).find(({ State }) => State.Running);
  if (worker === undefined) return [];
  const found = await inside(worker.Id, ['find', '/var/lib/braid/secrets', '-name', '*.secret']);
  return found.toSorted();
}

const run = promisify(execFile);

/** The words that a command in a container prints. */
export async function inside(container: string, command: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run('docker', ['exec', container, ...command]);
  return stdout.split(/\s+/).filter((word) => word !== '');
}
