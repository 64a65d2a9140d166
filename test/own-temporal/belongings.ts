import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import type { Stack } from './stack.ts';

/** What is on the engine of a stack's own, and of what its workers made. */
export type Belongings = Readonly<
  Record<'services' | 'machines' | 'networks' | 'volumes' | 'images' | 'secrets', readonly string[]>
>;

/** Volumes without a name are known by the containers that they are mounted in, also once these are gone. */
const anonymous = new Set<string>();

export async function belongingsOf({ docker, name, containers }: Stack): Promise<Belongings> {
  const [composed, made] = [`com.docker.compose.project=${name}`, `io.braid.lab=${name}`].map((label) => ({
    filters: JSON.stringify({ label: [label] }),
  }));
  const [services, machines] = await Promise.all([
    docker.listContainers({ all: true, ...composed }),
    docker.listContainers({ all: true, ...made }),
  ]);
  for (const { Mounts } of [...services, ...machines]) {
    for (const { Type, Name } of Mounts) if (Type === 'volume' && Name !== undefined) anonymous.add(Name);
  }
  const networks = [...(await docker.listNetworks(composed)), ...(await docker.listNetworks(made))];
  const { Volumes } = await docker.listVolumes();
  const own = Volumes.filter((volume) => anonymous.has(volume.Name) || volume.Name.startsWith(`${name}_`));
  const [worker] = (await containers('worker')).filter(({ State }) => State.Running);
  return {
    services: services.flatMap(({ Names }) => Names).toSorted(),
    machines: machines.flatMap(({ Names }) => Names).toSorted(),
    networks: networks.map(({ Name }) => Name).toSorted(),
    volumes: own.map(({ Name }) => Name).toSorted(),
    images: await imagesOf(docker, name),
    secrets: worker === undefined ? [] : await secretsOf(docker.getContainer(worker.Id)),
  };
}

/** Those tagged for this stack; the others are kept for the next build, as those of labs are. */
async function imagesOf(docker: Docker, name: string): Promise<readonly string[]> {
  const images = await docker.listImages();
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.endsWith(`:${name}`));
  return tags.toSorted();
}

async function secretsOf(worker: Docker.Container): Promise<readonly string[]> {
  const exec = await worker.exec({
    Cmd: ['find', '/var/lib/braid/secrets', '-name', '*.secret'],
    AttachStdout: true,
    Tty: true,
  });
  const text = (await buffer(await exec.start({ Tty: true }))).toString();
  return text.split(/\s+/).filter((line) => line !== '');
}
