import { expect, test } from 'vitest';
import { endpointName, hostEndpoint } from '../../../src/activities/ssh/endpoint.ts';

const ssh = { host: '10.0.0.2', port: 2222, user: 'debian', host_key: 'ssh-ed25519 AAAA', key: 'the key' };
const host = (value: { readonly [key: string]: string | number | { readonly get_secret: string } }) => ({
  id: 'machine_a1',
  properties: {},
  runtimeProperties: { ssh: value },
});

test('is what the machine tells', () => {
  const endpoint = hostEndpoint(host(ssh), 'web_b2');
  expect(endpoint).toEqual({
    host: '10.0.0.2',
    port: 2222,
    user: 'debian',
    hostKey: 'ssh-ed25519 AAAA',
    privateKey: 'the key',
  });
  expect(endpointName(endpoint)).toBe('debian@10.0.0.2:2222');
  expect(endpointName({ ...endpoint, host: 'fd00::1' })).toBe('debian@[fd00::1]:2222');
});

test('tells that there is no machine', () => {
  expect(() => hostEndpoint(null, 'web_b2')).toThrow(/web_b2 is on no machine/);
});

test('names the fields that are wrong and shows no key', () => {
  const wrong = host({ ...ssh, port: 0, host_key: 'AAAA', key: { get_secret: 'x' } });
  expect(() => hostEndpoint(wrong, 'web_b2')).toThrow(
    /machine_a1 of web_b2.*ssh.port, ssh.key, ssh.host_key/,
  );
  expect(() => hostEndpoint({ ...wrong, runtimeProperties: {} }, 'web_b2')).toThrow(/ssh/);
});
