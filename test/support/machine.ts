import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { machineContainerOptions } from '../../src/activities/machines/docker/container-options.ts';
import { makeSshKeyPair, type SshKeyPair } from '../../src/activities/ssh/key-pair.ts';
import type { SshEndpoint } from '../../src/activities/ssh/pool.ts';

/** A machine for one test file, on Docker's own default network. */
export type TestMachine = {
  readonly name: string;
  readonly container: Docker.Container;
  readonly endpoint: SshEndpoint;
  /** Its runtime properties as a blueprint's machine has them, the key resolved. */
  readonly runtimeProperties: {
    readonly ip: string;
    readonly ssh: { readonly [key: string]: string | number };
  };
  /** What a command on it prints, run as root by the engine and not over SSH. Throws unless it ends with 0. */
  readonly inside: (command: string) => Promise<string>;
  /** Goes down and up again; its address may be another one afterwards. */
  readonly restart: () => Promise<TestMachine>;
  readonly remove: () => Promise<void>;
};

export type TestMachineOptions = {
  /** Default: one that nothing else has. */
  readonly name?: string;
  /** Default: one of its own. */
  readonly pair?: SshKeyPair;
  /** Addresses by the name of the Docker network; default: one on Docker's own network. It is reached by the first. */
  readonly networks?: readonly { readonly name: string; readonly address: string }[];
};

/** Starts it and waits until it lets `debian` in. */
export async function startMachine(wanted: TestMachineOptions = {}): Promise<TestMachine> {
  const docker = new Docker();
  const name = wanted.name ?? `braid-test-${randomBytes(4).toString('hex')}`;
  const pair = wanted.pair ?? makeSshKeyPair('test');
  const options = machineContainerOptions();
  const [first, ...others] = wanted.networks ?? [];
  const container = await docker.createContainer({
    ...options,
    name,
    Hostname: name,
    Image: 'braid/machine:latest',
    Labels: { 'io.braid.lab': 'test' },
    ...(first === undefined
      ? {}
      : {
          HostConfig: { ...options.HostConfig, NetworkMode: first.name },
          NetworkingConfig: { EndpointsConfig: { [first.name]: at(first.address) } },
        }),
  });
  try {
    for (const { name: network, address } of others) {
      await docker.getNetwork(network).connect({ Container: container.id, EndpointConfig: at(address) });
    }
    await container.putArchive(
      tar([
        { name: 'home/debian/.ssh/authorized_keys', mode: 0o600, uid: 1000, content: `${pair.publicKey}\n` },
        { name: 'var/lib/braid/userdata', mode: 0o700, uid: 0, content: '#!/bin/sh\n' },
      ]),
      { path: '/' },
    );
    await container.start();
    return await describe(container, pair.privateKey, first?.name);
  } catch (error) {
    await container.remove({ force: true, v: true });
    throw error;
  }
}

function at(address: string): Docker.EndpointSettings {
  return { IPAMConfig: { IPv4Address: address } };
}

async function describe(
  container: Docker.Container,
  privateKey: string,
  network: string | undefined,
): Promise<TestMachine> {
  const { NetworkSettings, Name } = await container.inspect();
  const name = Name.replace(/^\//, '');
  const { [network ?? 'bridge']: place } = NetworkSettings.Networks;
  const ip = place?.IPAddress ?? '';
  const inside = (command: string) => runInside(container, command);
  const hostKey = await waitForHostKey(inside, ip);
  const endpoint = { host: ip, port: 22, user: 'debian', privateKey, hostKey };
  const ssh = { host: ip, port: 22, user: 'debian', key: privateKey, host_key: hostKey };
  return {
    name,
    container,
    endpoint,
    inside,
    runtimeProperties: { ip, ssh },
    restart: async () => {
      await container.restart();
      return describe(container, privateKey, network);
    },
    remove: async () => void (await container.remove({ force: true, v: true })),
  };
}

/** sshd has its key, PAM lets users in, and the network leads to it. */
async function waitForHostKey(inside: TestMachine['inside'], ip: string): Promise<string> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      const key = await inside(
        'systemctl is-active --quiet ssh && test ! -e /run/nologin && cut -d" " -f1,2 /etc/ssh/ssh_host_ed25519_key.pub',
      );
      await greeted(ip);
      return key.trim();
    } catch {
      await delay(100);
    }
  }
  throw new Error('the machine does not come up');
}

/** Waits for the first line of an SSH server; throws when there is none. */
async function greeted(host: string): Promise<void> {
  const socket = connect({ host, port: 22 });
  try {
    await once(socket, 'data', { signal: AbortSignal.timeout(1000) });
  } finally {
    socket.destroy();
  }
}

/** What a command in a container prints. Throws unless it ends with 0. */
export async function runInside(container: Docker.Container, command: string): Promise<string> {
  const exec = await container.exec({ Cmd: ['sh', '-c', command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const [out, err] = [new PassThrough(), new PassThrough()];
  out.on('data', (chunk: Buffer) => stdout.push(chunk));
  err.on('data', (chunk: Buffer) => stderr.push(chunk));
  container.modem.demuxStream(stream, out, err);
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${command}: ${ExitCode} ${Buffer.concat(stderr).toString()}`);
  return Buffer.concat(stdout).toString();
}

type TarEntry = {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly content: string;
};

/** A ustar archive; folders that lack are made by the engine. */
function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content);
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [tarHeader(entry, content.length), content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function tarHeader(entry: TarEntry, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(entry.name, 0);
  header.write(octal(entry.mode, 8), 100);
  header.write(octal(entry.uid, 8), 108);
  header.write(octal(entry.uid, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return header;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}
