import { describe, expect, test } from 'vitest';
import { fabricEndpoint } from '../../../src/activities/scripts/fabric-env.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { hostView, instanceView } from '../../support/operation.ts';

const hostKey = 'ssh-ed25519 AAAA';
const ssh = { host: '10.0.0.2', port: 22, user: 'debian', key: 'own key', host_key: hostKey };
const endpointOf = (environment: JsonObject, host: JsonObject | null = { ip: '10.0.0.2', ssh }) =>
  fabricEndpoint(environment, instanceView({ id: 'web_1', host: host === null ? null : hostView(host) }));
const own = { host: '10.0.0.2', port: 22, user: 'debian', privateKey: 'own key', hostKey };

describe('of the instance’s own machine, fabric_env', () => {
  test.each([
    ['nothing', {}, undefined],
    ['only what Braid knows itself', { key_filename: '/root/.ssh/id', connection_attempts: 3 }, own],
    ['its address', { host_string: '10.0.0.2', key_filename: '/root/.ssh/id' }, own],
    ['its address as host', { host: '10.0.0.2' }, own],
    ['another user', { user: 'root' }, { ...own, user: 'root' }],
    ['another port', { host_string: '10.0.0.2:2222' }, { ...own, port: 2222 }],
    ['another key', { user: 'ops', key: 'k' }, { ...own, user: 'ops', privateKey: 'k' }],
    ['a password', { user: 'ops', password: 'p' }, { ...own, user: 'ops', privateKey: '', password: 'p' }],
  ])('tells %s', (_what, environment, expected) => {
    expect(endpointOf(environment)).toEqual(expected);
  });
});

describe('of another machine, fabric_env', () => {
  const there = { host: '10.0.0.9', port: 22, user: 'ops', privateKey: 'k', hostKey };

  test.each([
    [{ host: '10.0.0.9', user: 'ops', key: 'k', host_key: hostKey }, there],
    [
      { host_string: 'ops@10.0.0.9:2222', key: 'k', host_key: hostKey },
      { ...there, port: 2222 },
    ],
    [{ host_string: 'root@10.0.0.9', user: 'ops', port: 22, key: 'k', host_key: hostKey }, there],
  ])('%j is enough', (environment, expected) => {
    expect(endpointOf(environment)).toEqual(expected);
    expect(endpointOf(environment, null)).toEqual(expected);
  });

  test.each([
    [{ host: '10.0.0.9', user: 'ops', key: 'k' }, /names the host "10\.0\.0\.9", but not its host_key/],
    [
      { host: '10.0.0.9', user: 'ops', key_filename: '/root/.ssh/id', host_key: hostKey },
      /no file of the worker is read.*key: \{get_secret/,
    ],
    [{ host: '10.0.0.9', user: 'ops', host_key: hostKey }, /lacks or has wrong: ssh\.key/],
  ])('%j is refused', (environment, message) => {
    expect(() => endpointOf(environment)).toThrow(message);
  });
});
