import type { Tools } from '../../src/activities/operation.ts';
import type { SshPool } from '../../src/activities/ssh/pool.ts';
import { blueprintOf, secretsInMemory } from './operation.ts';

/** What an operation works with, where machines are there already; no provider, an empty blueprint. */
export function operationTools(tools: { readonly ssh: SshPool } & Partial<Tools>): Tools {
  return {
    attempt: 1,
    secrets: secretsInMemory(),
    blueprints: blueprintOf({}),
    machines: noProvider,
    installation: 'here',
    kubeconfigRights: new Set(),
    signal: new AbortController().signal,
    redact: (text) => text,
    heartbeat: () => undefined,
    log: () => undefined,
    ...tools,
  };
}

const noProvider: Tools['machines'] = {
  reach: () => Promise.reject(new Error('no provider')),
  get networks(): never {
    throw new Error('no provider');
  },
  kinds: {},
  usual: '',
};
