import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createDockerProvider } from '../../../src/activities/machines/docker/index.ts';
import { operations } from '../../../src/activities/machines/index.ts';
import { machineRequest } from '../../../src/activities/machines/machine-request.ts';
import { userdataOf } from '../../../src/activities/machines/userdata.ts';
import { operations as traffic } from '../../../src/activities/traffic/index.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { connectedTarget, contextOf, instance, toolsOf } from './support.ts';

const tools = toolsOf({ machines: createDockerProvider({ lab: 'none', socketPath: '/nowhere' }) });
const net = connectedTarget('net', ['cloudify.nodes.Network'], {
  network_id: 'chain-net',
  subnet: '10.1.2.0/24',
});

const createPort = (properties: JsonObject, targets = [net]) =>
  operations['machines.port.create']?.(contextOf('chain', instance('port', properties, { targets })), tools);
const port = (node: string, network_id: string) =>
  connectedTarget(node, ['cloudify.nodes.Port'], { network_id });

it.each([
  ['machines', operations],
  ['traffic', traffic],
])('offers exactly the operations that the types of %s map', async (plugin, table) => {
  const file = new URL(`../../../src/activities/${plugin}/plugin.yaml`, import.meta.url);
  const text = await readFile(file, 'utf8');
  const mapped = [...text.matchAll(/implementation: (\S+)/g)].map((match) => match[1]);
  expect(parse(text)).toHaveProperty(['plugins', plugin]);
  expect(new Set(mapped)).toEqual(new Set(Object.keys(table)));
});

describe('a port', () => {
  it('notes its network and address', async () => {
    expect(await createPort({ fixed_ip: '10.1.2.11' })).toEqual({
      runtimeProperties: { network_id: 'chain-net', subnet: '10.1.2.0/24', fixed_ip: '10.1.2.11' },
    });
  });

  it.each(['10.1.3.11', '10.1.2.0', '10.1.2.255', 'host'])('refuses the address %s', async (fixed_ip) => {
    await expect(createPort({ fixed_ip })).rejects.toMatchObject({ type: 'OperationInputInvalid' });
  });

  it('must be in a network', async () => {
    await expect(createPort({}, [])).rejects.toMatchObject({ type: 'OperationInputInvalid' });
  });
});

const wanted = (
  properties: JsonObject,
  targets = [port('a', 'chain-z'), port('b', 'chain-a')],
  installation = 'here',
) => {
  const self = instance('web', properties, { targets });
  const given = { publicKey: 'ssh-ed25519 AAAA', userdata: userdataOf(self), usualImage: 'usual/image' };
  return machineRequest(contextOf('chain', self), self, given, { installation });
};

describe('what is asked of the provider', () => {
  it('has the ports in their order, and defaults', () => {
    expect(wanted({})).toMatchObject({
      name: 'chain-web-abc123',
      hostname: 'chain-web-abc123',
      image: 'usual/image',
      user: 'debian',
      attachments: [{ network: 'chain-z' }, { network: 'chain-a' }],
    });
  });

  it('has the fingerprint that machines had before installations were told apart', () => {
    const [here, elsewhere] = ['here', 'elsewhere'].map((name) => wanted({}, undefined, name));
    expect(here?.owner).toEqual({ installation: 'here', deployment: 'chain', instance: 'web_abc123' });
    expect(elsewhere?.fingerprint).toBe(here?.fingerprint);
    expect(here?.fingerprint).toBe('73447b026944c9383336feb8cb7e05021441dbb18b9cd75bcfdf31448eb42d7b');
  });

  it('has another fingerprint when anything differs, else the same', () => {
    expect(wanted({}).fingerprint).toBe(wanted({}).fingerprint);
    expect(wanted({}).fingerprint).not.toBe(wanted({ userdata: 'true' }).fingerprint);
  });

  it('has processors and memory when they are given, and is nothing when they are no such numbers', () => {
    expect(wanted({ cpus: 2, memory: 0 })).toMatchObject({ cpus: 2, memory: undefined });
    expect(() => wanted({ memory: -1 })).toThrow('memory -1; it must be a whole number, 0 or more');
  });

  it('is a shell script when the userdata names no interpreter', () => {
    expect(wanted({ userdata: 'true' }).userdata).toBe('#!/bin/sh\ntrue');
    expect(wanted({ userdata: '#!/bin/bash\ntrue' }).userdata).toBe('#!/bin/bash\ntrue');
  });

  it('is nothing when two ports are in one network', () => {
    expect(() => wanted({}, [port('a', 'one'), port('b', 'one')])).toThrow('two ports in the same network');
  });
});

it('needs a subnet for a network of its own', async () => {
  const creating = operations['machines.network.create']?.(
    contextOf('chain', instance('net', { subnet: '' })),
    tools,
  );
  await expect(creating).rejects.toMatchObject({ type: 'OperationInputInvalid' });
});
