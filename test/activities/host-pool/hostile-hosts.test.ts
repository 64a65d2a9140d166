import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { hostPoolOperations } from '../../../src/activities/host-pool/index.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { OperationResult } from '../../../src/contracts/operation.ts';
import { type HostileHost, say, startHostileHost } from '../../support/hostile-host.ts';
import { nodeContext, secretsInMemory } from '../../support/operation.ts';
import { operationTools } from '../../support/tools.ts';

/** Hosts of a pool that answer anything, beside one that answers as it should. */

const secrets = new Map<string, string>();
const ssh = keepConnections();
const operations = hostPoolOperations({ installation: 'here', formerly: 'braid', folder: '/nowhere' });
const hosts: HostileHost[] = [];
const logged: string[] = [];
afterEach(async () => {
  logged.length = 0;
  await ssh.close();
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});
afterAll(() => ssh.close());

const address = { device: 'eth0', mac: '02:00', address: '10.1.1.7', prefix: 24 };
const claim = { installation: 'here', deployment: 'chain', instance: 'web_1', since: 'now' };
const free = { state: 'seen', claim: null, addresses: [address] };
const honest = (action: string): unknown =>
  action === 'look' ? free : { state: 'taken', claim, addresses: [address] };

const nonsense: Readonly<Record<string, (action: string) => unknown>> = {
  'no JSON': () => undefined,
  'other keys': () => ({ state: 'seen' }),
  'addresses that are none': () => ({ ...free, addresses: [{ ...address, address: 'nowhere' }] }),
  'addresses without number': () => ({ ...free, addresses: Array.from({ length: 5_000 }, () => address) }),
  'a holder without end': () => ({ ...free, claim: { ...claim, instance: 'x'.repeat(100_000) } }),
  'a million levels': () => ({ ...free, claim: 'DEEP' }),
  'nonsense when it is to be taken': (action) => (action === 'look' ? free : { state: 'taken' }),
  'a lie about its networks': (action) =>
    action === 'look' ? free : { state: 'taken', claim, addresses: [] },
};

async function entryOf(name: string, answer: (action: string) => unknown): Promise<JsonObject> {
  const host = await startHostileHost((channel) => {
    let request = '';
    channel.on('data', (chunk: Buffer) => {
      request += chunk.toString();
    });
    channel.on('end', () => {
      const action = /"action":"(\w+)"/.exec(request)?.[1] ?? '';
      const text = JSON.stringify(answer(action)) ?? 'Traceback';
      say(channel, text.replace('"DEEP"', '['.repeat(1_000_000)));
    });
  });
  hosts.push(host);
  const { endpoint } = host;
  secrets.set(`own/${name}`, endpoint.privateKey);
  const { host: ip, port, user, hostKey } = endpoint;
  return { name, address: ip, port, user, host_key: hostKey, key: { get_secret: `own/${name}` }, tags: [] };
}

function call(
  verb: string,
  pool: readonly JsonObject[],
  runtimeProperties: JsonObject = {},
): Promise<OperationResult> {
  const operation = operations[`hostpool.host.${verb}`];
  if (operation === undefined) throw new Error(`no ${verb}`);
  const self = {
    id: 'web_1',
    properties: { hosts: pool, networks: { near: '10.1.1.0/24' } },
    runtimeProperties,
  };
  return operation(
    nodeContext(self, { patience: 0 }, {}, secrets),
    operationTools({ ssh, secrets: secretsInMemory(secrets), log: (message) => void logged.push(message) }),
  );
}

describe.each(Object.entries(nonsense))('a host that answers %s', (_what, answer) => {
  test('is passed over, and the next is taken', async () => {
    const pool = [await entryOf('bad', answer), await entryOf('good', honest)];
    const { runtimeProperties } = await call('take', pool);
    expect(runtimeProperties).toMatchObject({ host_id: 'good' });
    expect(logged.join() + JSON.stringify(runtimeProperties)).toContain('good');
  });

  test('is told as such when there is no other, and may be asked again', async () => {
    await expect(call('take', [await entryOf('bad', answer)])).rejects.toMatchObject({
      type: expect.stringMatching(/^(AnswerUnusable|NotReady)$/),
      nonRetryable: false,
    });
  });
});

test('a host that is taken and answers nonsense is unwell, cannot be healed, and is not given back', async () => {
  const bad = await entryOf('bad', () => ({ state: 'what' }));
  const { address: host = '', port = 0, user = '', host_key = '', key = '' } = bad;
  const taken = {
    host_id: 'bad',
    os: 'linux',
    ssh: { host, port, user, host_key, key },
  };
  expect((await call('check', [bad], taken)).result).toMatchObject({
    healthy: false,
    reason: expect.stringMatching(/the host bad cannot be asked: .* answered what is not understood/),
  });
  await expect(call('heal', [bad], taken)).rejects.toMatchObject({ type: 'Unreachable', nonRetryable: true });
  await expect(call('release', [bad], taken)).rejects.toMatchObject({ type: 'AnswerUnusable' });
});

test('a host that answers nonsense does not keep another from being given back', async () => {
  const released: string[] = [];
  const good = await entryOf('good', (action) => {
    if (action === 'look') return { ...free, claim };
    released.push(action);
    return { state: 'released', claim: null, output: '' };
  });
  const bad = await entryOf('bad', () => ({ state: 'what' }));
  expect((await call('release', [bad, good])).runtimeProperties).toMatchObject({ host_id: null });
  expect(released).toEqual(['release']);
});
