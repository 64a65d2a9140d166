import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import Docker from 'dockerode';

const docker = new Docker();
const disposals: (() => Promise<unknown>)[] = [];

/** Removes everything that the test made, last first. */
export async function removeAll(): Promise<void> {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
}

export type TestNetwork = { readonly name: string; readonly address: (host: number) => string };

/** A network of its own in 10.231.x.0/24, for the test's containers. */
export async function makeNetwork(): Promise<TestNetwork> {
  for (;;) {
    const part = randomInt(0, 250);
    const name = `images-${randomBytes(4).toString('hex')}`;
    try {
      const network = await docker.createNetwork({
        Name: name,
        IPAM: { Driver: 'default', Config: [{ Subnet: `10.231.${part}.0/24` }] },
      });
      disposals.push(() => network.remove());
      return { name, address: (host) => `10.231.${part}.${host}` };
    } catch (error) {
      if (!/overlaps/.test(String(error))) throw error;
    }
  }
}

export async function makeContainer(options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  const container = await docker.createContainer(options);
  disposals.push(() => container.remove({ force: true, v: true }));
  return container;
}

export async function startContainer(options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  const container = await makeContainer(options);
  await container.start();
  return container;
}

/** What a command in the container prints, both streams, and its exit status. */
export async function execIn(
  container: Docker.Container,
  command: readonly string[],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ Tty: true });
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  const { ExitCode: status } = await exec.inspect();
  return { status, output: Buffer.concat(parts).toString().replaceAll('\r\n', '\n').trim() };
}

/** What the container wrote so far, of one that runs with a terminal. */
export async function logsOf(container: Docker.Container): Promise<string> {
  return (await container.logs({ stdout: true, stderr: true })).toString();
}

/** Asks again until the answer fits; the last answer is in the error. */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`After ${seconds} s it is still: ${JSON.stringify(answer)}`);
    await wait(100);
  }
}
