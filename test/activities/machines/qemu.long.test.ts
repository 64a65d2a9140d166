import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureVirtualMachineImage } from '../../../lab/images.ts';
import { createDockerProvider } from '../../../src/activities/machines/docker/index.ts';
import { operations } from '../../../src/activities/machines/index.ts';
import { hostEndpoint } from '../../../src/activities/ssh/endpoint.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import { resolvedIn } from '../../support/references.ts';
import { isJsonObject, type JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView } from '../../../src/contracts/operation.ts';
import {
  connectedTarget,
  contextOf,
  instance,
  memorySecrets,
  patched,
  randomName,
  randomSubnet,
  toolsOf,
} from './support.ts';

/** Machines with kernels of their own, through the same operations as containers. */

const docker = new Docker({ socketPath: '/var/run/docker.sock' });
const deployment = randomName('test');
const subnet = randomSubnet();
const secrets = memorySecrets();
const ssh = keepConnections();
const tools = toolsOf({
  machines: createDockerProvider({ lab: deployment }),
  secrets,
  ssh,
});
const networkName = `${deployment}-net`;
const network = { network_id: networkName, subnet };
const address = subnet.replace('0/24', '21');
const mine = { filters: { label: [`io.braid.lab=${deployment}`] } };

function view(node: string, properties: JsonObject, runtimeProperties: JsonObject = {}): InstanceView {
  const fixed_ip = node === 'web' ? address : '';
  const port = connectedTarget('port', ['cloudify.nodes.Port'], { ...network, fixed_ip });
  const wanted = { provider: 'virtual_machine', ...properties };
  return instance(node, wanted, { runtimeProperties, targets: [port] });
}

const userdata = 'echo ran >> /root/ran\n';
let machine = view('web', { hostname: 'web', userdata });

async function run(operation: string, self: InstanceView = machine): Promise<JsonObject> {
  const result = await operations[operation]?.(contextOf(deployment, self), tools);
  return patched(self.runtimeProperties, result?.runtimeProperties);
}

async function check(): Promise<unknown> {
  const result = await operations['machines.machine.check']?.(contextOf(deployment, machine), tools);
  return result?.result;
}

async function inGuest(command: string): Promise<string> {
  const name = `made/${deployment}/${machine.id}/ssh-key`;
  const key = new Map([[name, await secrets.get(name)]]);
  const runtimeProperties = resolvedIn(machine.runtimeProperties, key);
  if (!isJsonObject(runtimeProperties)) throw new Error('runtime properties are an object');
  const endpoint = hostEndpoint({ id: machine.id, properties: {}, runtimeProperties }, 'test');
  const connection = await ssh.connect(endpoint, tools.signal);
  return (await connection.run(command, tools.signal, { sudo: true })).stdout.trim();
}

const container = () => docker.getContainer(`${deployment}-web-abc123`);
const startedAt = async () => (await container().inspect()).State.StartedAt;
const bootOf = () => inGuest('cat /proc/sys/kernel/random/boot_id');

/** Whether the journal of its file system had to be played back at this boot, since it had not been shut down. */
const fileSystemWasMended = async () => (await inGuest('dmesg')).includes('EXT4-fs (vda): recovery complete');

async function imageWithoutDisk(): Promise<string> {
  const image = docker.getImage('braid/virtual-machine');
  const { Config } = await image.inspect();
  const spoiler = await docker.createContainer({
    Image: 'braid/virtual-machine',
    Labels: { 'io.braid.lab': deployment },
    Entrypoint: ['rm', '/opt/braid/disk.qcow2'],
  });
  await spoiler.start();
  await spoiler.wait();
  await spoiler.commit({
    repo: deployment,
    tag: 'diskless',
    changes: `ENTRYPOINT ${JSON.stringify(Config.Entrypoint)}`,
  });
  await spoiler.remove();
  return `${deployment}:diskless`;
}

/** The number, on this host, of the QEMU of the machine. */
async function qemuProcess(): Promise<number> {
  const top = z.object({ Processes: z.array(z.array(z.string())) }).parse(await container().top());
  const found = top.Processes.find((fields) => fields.at(-1)?.startsWith('qemu-system'));
  return Number(found?.[1]);
}

const isThere = (process: number) =>
  readFile(`/proc/${process}/cmdline`, 'utf8').then(
    (line) => line.startsWith('qemu-system'),
    () => false,
  );

beforeAll(async () => {
  await ensureVirtualMachineImage(docker, { yes: process.env['BRAID_YES'] === '1', note: () => {} });
  await run('machines.network.create', instance('net', { subnet }));
});

afterAll(async () => {
  await ssh.close();
  for (const { Id } of await docker.listContainers({ all: true, ...mine })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id } of await docker.listNetworks(mine)) await docker.getNetwork(Id).remove();
});

describe('a virtual machine', () => {
  it('is made once by two who race, and boots a kernel of its own', async () => {
    const both = await Promise.all([run('machines.machine.create'), run('machines.machine.create')]);
    expect(both[0]['provider_id']).toBe(both[1]['provider_id']);
    machine = { ...machine, runtimeProperties: both[0] };
    machine = { ...machine, runtimeProperties: await run('machines.machine.start') };
    expect(machine.runtimeProperties).toMatchObject({
      provider: 'virtual_machine',
      ip: address,
      interfaces: [{ network: networkName, address, prefix: 24 }],
      ssh: { host_key: expect.stringMatching(/^ssh-ed25519 /) },
    });
    const kernel = await inGuest('uname -r');
    expect(kernel).toMatch(/cloud-amd64$/);
    expect(kernel).not.toBe(release());
    expect(await inGuest('hostname; cat /root/ran')).toBe('web\nran');
  });

  it('is not touched by a second creation and start', async () => {
    const [started, boot] = [await startedAt(), await bootOf()];
    expect(await run('machines.machine.create')).toEqual(machine.runtimeProperties);
    expect(await run('machines.machine.start')).toEqual(machine.runtimeProperties);
    expect([await startedAt(), await bootOf()]).toEqual([started, boot]);
    expect(await check()).toMatchObject({ healthy: true });
  });

  it('holds its address against others in the network', async () => {
    const rival = await docker.createContainer({
      Image: 'braid/machine',
      Labels: { 'io.braid.lab': deployment },
      Entrypoint: ['sleep', '60'],
      HostConfig: { NetworkMode: networkName },
      NetworkingConfig: { EndpointsConfig: { [networkName]: { IPAMConfig: { IPv4Address: address } } } },
    });
    await expect(rival.start()).rejects.toThrow(/already in use/i);
    await rival.remove({ force: true, v: true });
  });

  it('comes back with its key, its address and its disk after QEMU was killed', async () => {
    const [boot, before] = [await bootOf(), await qemuProcess()];
    await inGuest('echo kept > /root/kept; sync');
    process.kill(before, 'SIGKILL');
    await expect.poll(() => isThere(before)).toBe(false);
    expect(await check()).toMatchObject({ healthy: false });
    expect(await run('machines.machine.heal')).toEqual(machine.runtimeProperties);
    expect(await bootOf()).not.toBe(boot);
    expect(await inGuest('cat /root/kept /root/ran')).toBe('kept\nran');
    expect(await fileSystemWasMended()).toBe(true);
  });

  it('is attached anew to a network that was taken from it, and shut down in order for that', async () => {
    await docker.getNetwork(networkName).disconnect({ Container: container().id, Force: true });
    expect(await check()).toMatchObject({ healthy: false });
    expect(await run('machines.machine.heal')).toEqual(machine.runtimeProperties);
    expect(await check()).toMatchObject({ healthy: true });
    expect(await fileSystemWasMended()).toBe(false);
  });

  it('reboots by itself with what it holds, and its userdata ran once', async () => {
    const [boot, before] = [await bootOf(), await qemuProcess()];
    await inGuest('systemctl reboot');
    await expect
      .poll(() => bootOf().catch(() => 'off'), { timeout: 700_000, interval: 2_000 })
      .toSatisfy((now) => now !== boot && /^[0-9a-f-]{36}$/.test(String(now)));
    expect(await run('machines.machine.start')).toEqual(machine.runtimeProperties);
    expect(await qemuProcess()).toBe(before);
    expect(await inGuest('cat /root/kept /root/ran')).toBe('kept\nran');
  });

  it('comes back by itself after its kernel panicked', async () => {
    const [boot, before] = [await bootOf(), await qemuProcess()];
    await inGuest(
      'echo 1 > /proc/sys/kernel/sysrq; sync; (sleep 1; echo c > /proc/sysrq-trigger) > /dev/null 2>&1 &',
    );
    await expect.poll(() => isThere(before), { timeout: 60_000 }).toBe(false);
    expect(await run('machines.machine.start')).toEqual(machine.runtimeProperties);
    expect(await bootOf()).not.toBe(boot);
    expect(await inGuest('cat /root/kept /root/ran')).toBe('kept\nran');
  });

  it('that cannot boot is told soon, with the end of its console, and can be removed', async () => {
    const image = await imageWithoutDisk();
    const dead = view('dead', { image });
    try {
      const created = { ...dead, runtimeProperties: await run('machines.machine.create', dead) };
      await expect(run('machines.machine.start', created)).rejects.toMatchObject({
        type: 'ProviderFailed',
        message: expect.stringMatching(/goes off again.*its console ended:.*disk\.qcow2/s),
      });
      expect(await run('machines.machine.delete', created)).toEqual({});
    } finally {
      await docker.getImage(image).remove();
    }
  });

  it('is not made of an image of another kind', async () => {
    const wrong = view('wrong', { image: 'braid/machine' });
    await expect(run('machines.machine.create', wrong)).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      message: expect.stringContaining('is of a container and not of a virtual_machine'),
    });
    const other = view('other', { provider: 'container', image: 'braid/virtual-machine' });
    await expect(run('machines.machine.create', other)).rejects.toMatchObject({
      type: 'OperationInputInvalid',
    });
  });

  it('that somebody else made is refused and left alone', async () => {
    const name = `${deployment}-strange-abc123`;
    const strange = await docker.createContainer({ name, Image: 'braid/virtual-machine' });
    await expect(run('machines.machine.create', view('strange', {}))).rejects.toMatchObject({
      type: 'Unowned',
    });
    await run('machines.machine.delete', view('strange', {}));
    expect((await strange.inspect()).Name).toBe(`/${name}`);
    await strange.remove();
  });

  it('is gone with its process, its disk and its place in the network, however often it is removed', async () => {
    const before = await qemuProcess();
    expect(await isThere(before)).toBe(true);
    await Promise.all([run('machines.machine.delete'), run('machines.machine.delete')]);
    expect(await run('machines.machine.delete')).toEqual({});
    expect(await isThere(before)).toBe(false);
    expect([...secrets.values.keys()].filter((key) => key.includes('/web'))).toEqual([]);
    expect(await docker.listContainers({ all: true, ...mine })).toEqual([]);
    await run('machines.network.delete', instance('net', { subnet }, { runtimeProperties: network }));
    expect(await docker.listNetworks(mine)).toEqual([]);
  });
});
