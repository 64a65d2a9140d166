import { describe, expect, it } from 'vitest';
import { operations } from '../../../src/activities/machines/index.ts';
import type { MachineDescription, MachineProvider } from '../../../src/activities/machines/provider.ts';
import { contextOf, instance, toolsOf } from './support.ts';

/** Nobody listens there. */
const address = '127.0.0.2';
const self = instance(
  'web',
  {},
  { runtimeProperties: { ssh: { host: address, host_key: 'ssh-ed25519 A' } } },
);
const off: MachineDescription = {
  id: 'web',
  name: 'web',
  running: false,
  restarts: 0,
  owner: undefined,
  fingerprint: undefined,
  interfaces: [],
  hostKey: undefined,
};

/** Waits for a machine that is each time as the provider is told to describe it. Counts how often it was powered on. */
function wait(describeIt: () => MachineDescription, console: MachineProvider['console']) {
  let starts = 0;
  const machines: MachineProvider = {
    describe: async () => describeIt(),
    create: unused,
    start: async () => {
      starts += 1;
      return describeIt();
    },
    remove: unused,
    console,
    slowness: 1,
    usualImage: '',
  };
  const providers = {
    reach: unused,
    networks: { describe: unused, create: unused, remove: unused },
    kinds: { only: machines },
    usual: 'only',
  };
  const waiting = operations['machines.machine.start']?.(
    contextOf('d', self),
    toolsOf({ machines: providers }),
  );
  return { waiting, starts: () => starts };
}

function unused(): never {
  throw new Error('not used here');
}

describe.concurrent('a machine that does not come up', () => {
  it('is powered on three times, then given up with the end of its console', async () => {
    const { waiting, starts } = wait(
      () => off,
      async () => 'no disk\nthe end',
    );
    await expect(waiting).rejects.toMatchObject({
      type: 'ProviderFailed',
      nonRetryable: true,
      message: expect.stringContaining('each time it is powered on; its console ended:\nno disk\nthe end'),
    });
    expect(starts()).toBe(3);
  });

  it('is given up when it restarts again and again by itself, however often it did before', async () => {
    let restarts = 7;
    const { waiting, starts } = wait(
      () => ({ ...off, running: true, restarts: restarts++ }),
      async () => {
        throw new Error('no log');
      },
    );
    await expect(waiting).rejects.toMatchObject({
      type: 'ProviderFailed',
      message: expect.stringContaining('its console cannot be read: no log'),
    });
    expect([restarts, starts()]).toEqual([11, 0]);
  });
});
