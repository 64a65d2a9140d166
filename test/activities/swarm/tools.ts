import type { Tools } from '../../../src/activities/operation.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { SecretStore } from '../../../src/store/secrets.ts';

/** What these operations need of a worker: real SSH, and secrets in memory. */
export function testTools(
  secrets: ReadonlyMap<string, string> = new Map(),
  parts: Partial<Tools> = {},
): Tools {
  return {
    attempt: 1,
    secrets: secretStore(secrets),
    ssh: keepConnections(),
    blueprints: { put: unused, read: unused, exists: unused, list: unused },
    machines: {
      reach: unused,
      networks: { describe: unused, create: unused, remove: unused },
      kinds: {},
      usual: '',
    },
    installation: 'here',
    kubeconfigRights: new Set(),
    signal: new AbortController().signal,
    redact: (text) => [...secrets.values()].reduce((all, secret) => all.replaceAll(secret, '[secret]'), text),
    heartbeat: () => undefined,
    log: () => undefined,
    ...parts,
  };
}

function secretStore(secrets: ReadonlyMap<string, string>): SecretStore {
  return {
    get: (name) => Promise.resolve(secrets.get(name) ?? ''),
    put: unused,
    ensure: unused,
    remove: unused,
    list: unused,
  };
}

function unused(): Promise<never> {
  return Promise.reject(new Error('not used here'));
}
