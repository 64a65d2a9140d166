import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerProvider } from '../../../src/activities/machines/docker/index.ts';
import { operations } from '../../../src/activities/machines/index.ts';
import { hostEndpoint } from '../../../src/activities/ssh/endpoint.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import { operations as traffic } from '../../../src/activities/traffic/index.ts';
import { isJsonObject, type JsonObject } from '../../../src/contracts/json.ts';
import type { HostView, InstanceView, OperationContext } from '../../../src/contracts/operation.ts';
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
import { resolvedIn } from '../../support/references.ts';

const docker = new Docker({ socketPath: '/var/run/docker.sock' });
const deployment = randomName('test');
const subnet = randomSubnet();
const machines = createDockerProvider({ lab: deployment });
const secrets = memorySecrets();
const ssh = keepConnections();
const tools = toolsOf({ machines, secrets, ssh });
const netTypes = ['cloudify.nodes.Network', 'braid.nodes.Network'];
const portTypes = ['cloudify.nodes.Port', 'braid.nodes.Port'];

let network: JsonObject = {};
let port: JsonObject = {};

function machineView(
  node: string,
  properties: JsonObject = {},
  runtimeProperties: JsonObject = {},
): InstanceView {
  const targets = [connectedTarget('port', portTypes, port)];
  return instance(node, properties, { runtimeProperties, targets });
}

/** Runs an operation and tells the runtime properties afterwards. */
async function run(
  operation: string,
  self: InstanceView,
  more: Partial<OperationContext> = {},
  with_ = tools,
): Promise<JsonObject> {
  const result = await operations[operation]?.(contextOf(deployment, self, more), with_);
  return patched(self.runtimeProperties, result?.runtimeProperties);
}

async function check(operation: string, self: InstanceView, with_ = tools): Promise<unknown> {
  return (await operations[operation]?.(contextOf(deployment, self), with_))?.result;
}

async function install(node: string, properties: JsonObject = {}): Promise<InstanceView> {
  const created = await run('machines.machine.create', machineView(node, properties));
  const started = await run('machines.machine.start', machineView(node, properties, created));
  return machineView(node, properties, started);
}

/** The machine as a probe in it sees its host: with its key. */
async function hostOf(self: InstanceView): Promise<HostView> {
  const name = `made/${deployment}/${self.id}/ssh-key`;
  const resolved = resolvedIn(self.runtimeProperties, new Map([[name, await secrets.get(name)]]));
  if (!isJsonObject(resolved)) throw new Error('runtime properties are an object');
  return { id: self.id, properties: {}, runtimeProperties: resolved };
}

async function onMachine(self: InstanceView, command: string): Promise<string> {
  const connection = await ssh.connect(hostEndpoint(await hostOf(self), 'test'), tools.signal);
  return (await connection.run(command, tools.signal, { sudo: true })).stdout.trim();
}

function text(self: InstanceView, property: string): string {
  const value = self.runtimeProperties[property];
  if (typeof value !== 'string') throw new Error(`${property} is no text`);
  return value;
}

beforeAll(async () => {
  network = await run('machines.network.create', instance('net', { subnet }));
  const view = instance('port', {}, { targets: [connectedTarget('net', netTypes, network)] });
  port = await run('machines.port.create', view);
});

afterAll(async () => {
  await ssh.close();
  const mine = { all: true, filters: { label: [`io.braid.lab=${deployment}`] } };
  for (const { Id } of await docker.listContainers(mine)) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  const foreign = { filters: { name: [deployment] } };
  for (const { Id } of await docker.listContainers({ all: true, ...foreign })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id } of await docker.listNetworks(foreign)) await docker.getNetwork(Id).remove();
});

describe('an external network', () => {
  it('of another deployment is used, never removed', async () => {
    const view = instance('ext', { use_external_resource: true, resource_id: `${deployment}-net` });
    const runtime = await run('machines.network.create', view);
    expect(runtime).toEqual({ network_id: `${deployment}-net`, subnet });
    await run('machines.network.delete', { ...view, runtimeProperties: runtime });
    expect((await docker.getNetwork(`${deployment}-net`).inspect()).Name).toBe(`${deployment}-net`);
  });

  it('that is missing is refused', async () => {
    const view = instance('ext', { use_external_resource: true, resource_id: 'no-such-network' });
    await expect(run('machines.network.create', view)).rejects.toMatchObject({
      type: 'OperationInputInvalid',
    });
  });
});

describe('a machine', () => {
  const userdata = 'echo ran >> /var/lib/braid/ran\n';

  it('is told, found without its provider, and asked from', async () => {
    const machine = await install('whole', { userdata });
    const host = text(machine, 'ip');
    expect(machine.runtimeProperties).toMatchObject({
      name: `${deployment}-whole-abc123`,
      addresses: { port: host },
      interfaces: [{ network: `${deployment}-net`, address: host, prefix: 24 }],
      ssh: { host, port: 22, user: 'debian', key: { get_secret: `made/${deployment}/whole_abc123/ssh-key` } },
    });

    // Once made, it is found without its provider.
    const alone = toolsOf({
      machines: createDockerProvider({ lab: deployment, socketPath: '/nowhere' }),
      secrets,
      ssh,
    });
    expect(await run('machines.machine.start', machine, {}, alone)).toEqual(machine.runtimeProperties);
    expect(await check('machines.machine.check', machine, alone)).toMatchObject({ healthy: true });

    // A probe asks from it.
    const from = await hostOf(machine);
    const refused = instance(
      'probe',
      { url: `http://${host}/`, expect: 'refused', requests: 2 },
      { host: from },
    );
    const evidence = await traffic['traffic.probe.verify']?.(contextOf(deployment, refused), tools);
    expect(evidence?.result).toMatchObject({ from: machine.id, answers: [{ ok: false }, { ok: false }] });
    await onMachine(machine, 'systemd-run python3 -m http.server 80 --directory /etc/ssh');
    const probe = instance(
      'probe',
      { url: `http://${host}/`, expect_bodies: ['Directory listing'] },
      { host: from },
    );
    const pages = await traffic['traffic.probe.verify']?.(contextOf(deployment, probe), tools);
    expect(pages?.result).toHaveProperty('answers.length', 12);

    // Gone, it is not healed in place.
    expect(await run('machines.machine.delete', machine)).toEqual({});
    await expect(run('machines.machine.heal', machine)).rejects.toMatchObject({
      nonRetryable: true,
      message: expect.stringContaining('gone'),
    });
  });

  it('whose description changed is made anew', async () => {
    const before = await run('machines.machine.create', machineView('anew', { hostname: 'one' }));
    const after = await run('machines.machine.create', machineView('anew', { hostname: 'two' }, before));
    expect(after['provider_id']).not.toBe(before['provider_id']);
    await run('machines.machine.delete', machineView('anew'));
  });

  it('whose userdata fails says so for good, with the end of its output', async () => {
    const created = await run(
      'machines.machine.create',
      machineView('failing', { userdata: 'echo no luck; exit 7' }),
    );
    await expect(run('machines.machine.start', machineView('failing', {}, created))).rejects.toMatchObject({
      type: 'ScriptFailed',
      nonRetryable: true,
      message: expect.stringMatching(/status 7.*\n.*no luck/),
    });
    await run('machines.machine.delete', machineView('failing'));
  });
});

it('without ports is refused', async () => {
  await expect(run('machines.machine.create', instance('alone', {}))).rejects.toMatchObject({
    type: 'OperationInputInvalid',
    message: expect.stringContaining('at least one port'),
  });
});
