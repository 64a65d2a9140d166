import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerProvider } from '../../../src/activities/machines/docker/index.ts';
import type { MachineRequest } from '../../../src/activities/machines/provider.ts';
import { makeSshKeyPair } from '../../../src/activities/ssh/key-pair.ts';
import { machinesAt, randomName, randomSubnet, requestOf } from './support.ts';

const docker = new Docker({ socketPath: '/var/run/docker.sock' });
const lab = randomName('test');
const provider = createDockerProvider({ lab });
const machines = machinesAt(provider);
const { signal } = new AbortController();
const subnet = randomSubnet();
const owner = { deployment: lab, instance: 'thing_abc123' };
// By name the second comes first, and so it does for the engine.
const first = { name: `${lab}-z`, subnet };
const second = { name: `${lab}-a`, subnet: otherSubnet() };

function otherSubnet(): string {
  for (;;) {
    const other = randomSubnet();
    if (other !== subnet) return other;
  }
}

function request(name: string, more: Partial<MachineRequest> = {}): MachineRequest {
  return requestOf(name, {
    publicKey: makeSshKeyPair('test').publicKey,
    attachments: [
      { network: first.name, address: first.subnet.replace('0/24', '11') },
      { network: second.name, address: undefined },
    ],
    owner,
    ...more,
  });
}

async function make(name: string, more: Partial<MachineRequest> = {}) {
  await machines.create(request(name, more), signal);
  return await machines.start(name, signal);
}

beforeAll(async () => {
  await provider.networks.create({ ...first, owner }, signal);
  await provider.networks.create({ ...second, owner }, signal);
});

afterAll(async () => {
  const mine = { all: true, filters: { label: [`io.braid.lab=${lab}`] } };
  for (const { Id } of await docker.listContainers(mine)) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id } of await docker.listNetworks({ filters: { label: [`io.braid.lab=${lab}`] } })) {
    await docker.getNetwork(Id).remove();
  }
});

describe('networks', () => {
  it('are described as made, and made once by two who race', async () => {
    const both = await Promise.all([
      provider.networks.create({ ...first, owner }, signal),
      provider.networks.create({ ...first, owner }, signal),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0]).toMatchObject({ name: first.name, subnet, owner });
  });

  it('refuse a subnet that another network has, for good, and name that one', async () => {
    const making = provider.networks.create({ name: `${lab}-overlap`, subnet, owner }, signal);
    await expect(making).rejects.toMatchObject({
      type: 'ProviderFailed',
      nonRetryable: true,
      message: expect.stringContaining(first.name),
    });
  });

  it('belong to nobody in the eyes of another lab on the same engine', async () => {
    const other = createDockerProvider({ lab: `${lab}-other` });
    expect((await other.networks.describe(first.name, signal))?.owner).toBeUndefined();
  });

  it('are absent after two removals', async () => {
    const name = `${lab}-short-lived`;
    await provider.networks.create({ name, subnet: '10.233.77.0/24', owner }, signal);
    await provider.networks.remove(name, signal);
    await provider.networks.remove(name, signal);
    expect(await provider.networks.describe(name, signal)).toBeUndefined();
  });
});

describe('machines', () => {
  it('are described in the order of their attachments, and keep addresses over a reboot', async () => {
    const name = `${lab}-order`;
    const machine = await make(name);
    expect(machine.interfaces.map(({ network }) => network)).toEqual([first.name, second.name]);
    expect(machine.interfaces[0]).toMatchObject({ address: first.subnet.replace('0/24', '11'), prefix: 24 });
    expect(await run(name, ['hostname', '-I'])).toContain(machine.interfaces[1]?.address);
    await docker.getContainer(machine.id).restart({ t: 1 });
    const again = await machines.describe(name, signal);
    expect(again?.interfaces).toEqual(machine.interfaces);
    await machines.remove(name, signal);
  });

  it('are made once by two who race, and start with their files in place', async () => {
    const name = `${lab}-race`;
    const more = {
      attachments: [{ network: first.name, address: undefined }],
      userdata: '#!/bin/sh\necho hi\n',
    };
    const both = await Promise.all([make(name, more), make(name, more)]);
    expect(both[0].id).toBe(both[1].id);
    expect(await run(name, ['stat', '-c', '%a %U', '/home/debian/.ssh/authorized_keys'])).toBe('600 debian');
    expect(await run(name, ['stat', '-c', '%a %U', '/var/lib/braid/userdata'])).toBe('700 root');
    await machines.remove(name, signal);
  });

  it('get other addresses when their chosen ones were taken meanwhile', async () => {
    const attachments = [{ network: first.name, address: undefined }];
    const name = `${lab}-late`;
    const late = await machines.create(request(name, { attachments }), signal);
    const wanted = late.interfaces[0]?.address;
    const quick = await make(`${lab}-quick`, { attachments: [{ network: first.name, address: wanted }] });
    const started = await machines.start(name, signal);
    expect(quick.interfaces[0]?.address).toBe(wanted);
    expect(started.running).toBe(true);
    expect(started.interfaces[0]?.address).not.toBe(wanted);
    await machines.remove(name, signal);
    await machines.remove(`${lab}-quick`, signal);
  });

  it('take their volumes with them, and are absent after two removals', async () => {
    const name = `${lab}-volumes`;
    const machine = await make(name);
    const volumes = (await docker.getContainer(machine.id).inspect()).Mounts.flatMap(
      ({ Name }) => Name ?? [],
    );
    expect(volumes.length).toBeGreaterThan(0);
    await Promise.all([machines.remove(name, signal), machines.remove(name, signal)]);
    await machines.remove(name, signal);
    const left = (await docker.listVolumes()).Volumes.map(({ Name }) => Name);
    expect(left.filter((volume) => volumes.includes(volume))).toEqual([]);
  });

  it('of an unknown image or user are refused', async () => {
    await expect(make(`${lab}-image`, { image: 'braid/none' })).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      message: expect.stringContaining('braid/none'),
    });
    await expect(make(`${lab}-user`, { user: 'nobody-here' })).rejects.toMatchObject({
      type: 'OperationInputInvalid',
    });
  });

  it('hold a network that is to be removed, and are named', async () => {
    const name = `${lab}-holder`;
    await make(name);
    await expect(provider.networks.remove(second.name, signal)).rejects.toMatchObject({
      type: 'ProviderFailed',
      nonRetryable: false,
      message: expect.stringContaining(name),
    });
    await machines.remove(name, signal);
  });
});

it('tells the path of a socket at which no engine answers', async () => {
  const nowhere = createDockerProvider({ lab, socketPath: '/run/braid-no-such.sock' });
  await expect(nowhere.networks.describe('any', signal)).rejects.toMatchObject({
    type: 'ProviderUnavailable',
    nonRetryable: false,
    message: expect.stringContaining('/run/braid-no-such.sock'),
  });
});

it('stops waiting for the engine at an abort', async () => {
  const controller = new AbortController();
  const creating = machines.create(request(`${lab}-aborted`), controller.signal);
  const reason = new Error('cancelled');
  controller.abort(reason);
  await expect(creating).rejects.toBe(reason);
  await machines.remove(`${lab}-aborted`, signal);
});

async function run(name: string, command: string[]): Promise<string> {
  const exec = await docker.getContainer(name).exec({ Cmd: command, AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString().trim();
}
