import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lackingNetworks, addressesIn } from '../../../src/activities/host-pool/networks.ts';
import { poolOf, readPool } from '../../../src/activities/host-pool/pool.ts';
import { candidates, wishOf } from '../../../src/activities/host-pool/subject.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { secretReference } from '../../../src/contracts/sealed.ts';
import { nodeContext } from '../../support/operation.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-pools-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA';
const host = (name: string, tags: string[] = [], more: JsonObject = {}) => ({
  name,
  address: `${name}.example.net`,
  user: 'ops',
  host_key: key,
  key: { get_secret: 'own/key' },
  tags,
  ...more,
});

describe('a pool that workers know', () => {
  it('gives each host what all have by default', async () => {
    await writeFile(
      join(folder, 'rack.yaml'),
      `defaults: {user: ops, key_secret: own/key, tags: [rack]}
hosts:
  - {address: 10.0.0.11, host_key: ${key}}
  - {name: b, address: 10.0.0.12, port: 2222, user: root, host_key: ${key}, tags: [big]}
`,
    );
    expect(await readPool(folder, 'rack')).toEqual({
      name: 'rack',
      hosts: [
        {
          name: '10.0.0.11',
          address: '10.0.0.11',
          port: 22,
          user: 'ops',
          hostKey: key,
          key: { secret: 'own/key' },
          os: 'linux',
          tags: ['rack'],
        },
        expect.objectContaining({ name: 'b', port: 2222, user: 'root', tags: ['big'] }),
      ],
    });
  });

  it.each([
    ['none', undefined, /no host pool none: the worker has no file \/.*none\.yaml/],
    ['../none', undefined, /A pool’s name is letters/],
    ['yaml', 'hosts: [', /yaml\.yaml cannot be read/],
    ['typo', 'host: []', /typo\.yaml\. hosts: .*Unrecognized key: "host"/s],
    ['key', `hosts: [{address: a, user: u, host_key: AAAA, key_secret: k}]`, /hosts\.0\.host_key: must be/],
    ['user', `hosts: [{address: a, host_key: ${key}, key_secret: k}]`, /hosts\.0\.user/],
    [
      'twice',
      `{defaults: {user: u, key_secret: k}, hosts: [{address: a, host_key: ${key}}, {address: a, host_key: ${key}}]}`,
      /host a is there twice/,
    ],
  ])('%s is refused', async (name, text, message) => {
    if (text !== undefined) await writeFile(join(folder, `${name}.yaml`), text);
    const reading = readPool(folder, name);
    await expect(reading).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      message: expect.stringMatching(message),
    });
  });
});

const wish = (properties: JsonObject) =>
  wishOf(nodeContext({ id: 'node_1', node: 'node', properties }, {}, {}, new Map([['own/key', 'a key']])), {
    installation: 'here',
    formerly: 'lab',
    folder,
  });

describe('a wish', () => {
  it('is met by hosts with all its tags, those without further ones first, else in the order of the pool', async () => {
    const hosts = [
      host('big', ['web', 'big', 'fast']),
      host('other', ['db']),
      host('plain', ['web']),
      host('second', ['web']),
      host('windows', ['web'], { os: 'windows' }),
    ];
    const found = candidates(await wish({ hosts, filters: { tags: ['web'] } }));
    expect(found.map(({ name }) => name)).toEqual(['plain', 'second', 'big']);
    expect(candidates(await wish({ hosts, filters: { tags: ['web', 'db'] } }))).toEqual([]);
  });

  it.each([
    [{ filters: { tag: ['a'] } }, /filters: Unrecognized key/],
    [{ networks: { a: '10.0.0.1' } }, /networks\.a: must be a network in CIDR/],
    [{ preserve: { files: ['etc/x'] } }, /preserve\.files\.0: must be an absolute path/],
    [{ preserve: { files: ['/'] } }, /preserve\.files\.0: must be an absolute path/],
    [{ hosts: [{ address: 'a' }] }, /the property hosts of node\. .*hosts\.0\.user/],
  ])('%j is refused', async (properties, message) => {
    await expect(wish({ hosts: [host('a')], ...properties })).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      message: expect.stringMatching(message),
    });
  });
});

it('a host that a blueprint tells is named after its address', () => {
  const { name, key: _, ...rest } = host('a');
  const reference = secretReference('own/key');
  const pool = poolOf([{ ...rest, key: 'a key' }], [{ ...rest, key: reference }], 'web');
  expect(pool).toMatchObject({
    name: 'of web',
    hosts: [{ name: `${name}.example.net`, key: { privateKey: 'a key', reference } }],
  });
});

it('a key in a blueprint must be a secret', () => {
  const { key: _, ...rest } = host('a');
  const hosts = [{ ...rest, key: 'a key' }];
  expect(() => poolOf(hosts, hosts, 'web')).toThrow(/The key of a\.example\.net .* must be a secret/);
});

const at = (address: string, device: string) => ({ address, device, mac: '', prefix: 24 });

describe('networks', () => {
  const present = [at('10.1.1.5', 'eth0'), at('10.1.2.5', 'eth1'), at('fd00::5', 'eth1')];

  it('are found by the host’s addresses, of both families', () => {
    expect(addressesIn({ near: '10.1.2.0/24', six: 'fd00::/64' }, present)).toEqual({
      near: at('10.1.2.5', 'eth1'),
      six: at('fd00::5', 'eth1'),
    });
  });

  it('that the host is not in are told', () => {
    expect(lackingNetworks({ near: '10.1.2.0/24', far: '10.1.3.0/24' }, present)).toEqual(['10.1.3.0/24']);
  });
});
