import { describe, expect, it } from 'vitest';
import { operations } from '../../../src/activities/machines/index.ts';
import type { MachineProvider, MachineProviders } from '../../../src/activities/machines/provider.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView } from '../../../src/contracts/operation.ts';
import { connectedTarget, contextOf, instance, patched, toolsOf } from './support.ts';

const port = connectedTarget('port', ['cloudify.nodes.Port'], { network_id: 'net' });

/** A provider that keeps machines in memory. */
function inMemory(): MachineProvider & { readonly names: () => readonly string[] } {
  const made = new Map<string, Awaited<ReturnType<MachineProvider['create']>>>();
  const create: MachineProvider['create'] = async ({ name, owner, fingerprint }) => {
    const found = made.get(name) ?? {
      id: name,
      name,
      running: true,
      restarts: 0,
      owner,
      fingerprint,
      interfaces: [],
      hostKey: undefined,
    };
    made.set(name, found);
    return found;
  };
  return {
    describe: async (name) => made.get(name),
    create,
    start: async () => {
      throw new Error('it runs');
    },
    remove: async (name) => void made.delete(name),
    console: async () => '',
    slowness: 1,
    usualImage: 'usual/image',
    names: () => [...made.keys()],
  };
}

function world() {
  const [one, other] = [inMemory(), inMemory()];
  const machines: MachineProviders = {
    reach: async () => {},
    networks: { describe: async () => undefined, create: unused, remove: unused },
    kinds: { one, other },
    usual: 'one',
  };
  const run = async (operation: string, self: InstanceView): Promise<JsonObject> => {
    const result = await operations[operation]?.(contextOf('d', self), toolsOf({ machines }));
    return patched(self.runtimeProperties, result?.runtimeProperties);
  };
  return { one, other, run };
}

function machine(properties: JsonObject, runtimeProperties: JsonObject = {}): InstanceView {
  return instance('web', properties, { runtimeProperties, targets: [port] });
}

describe('the provider of a machine', () => {
  it('is the usual one where the machine names none, and is remembered', async () => {
    const { one, other, run } = world();
    expect(await run('machines.machine.create', machine({ provider: '' }))).toMatchObject({
      provider: 'one',
    });
    expect([one.names(), other.names()]).toEqual([['d-web-abc123'], []]);
  });

  it('is the one that the machine names', async () => {
    const { one, other, run } = world();
    await run('machines.machine.create', machine({ provider: 'other' }));
    expect([one.names(), other.names()]).toEqual([[], ['d-web-abc123']]);
  });

  it('is asked for the removal of what it made, whatever the property says by then', async () => {
    const { other, run } = world();
    const made = await run('machines.machine.create', machine({ provider: 'other' }));
    expect(await run('machines.machine.delete', machine({}, made))).toEqual({});
    expect(other.names()).toEqual([]);
  });

  it('gives way to another one: the machine is made anew there', async () => {
    const { one, other, run } = world();
    const made = await run('machines.machine.create', machine({ provider: 'other' }));
    expect(await run('machines.machine.create', machine({ provider: 'one' }, made))).toMatchObject({
      provider: 'one',
    });
    expect([one.names(), other.names()]).toEqual([['d-web-abc123'], []]);
  });

  it.each(['cloud', 'constructor'])('%s is refused, naming those that the worker has', async (provider) => {
    const { run } = world();
    await expect(run('machines.machine.create', machine({ provider }))).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      nonRetryable: true,
      message: expect.stringContaining('one, other'),
    });
  });
});

async function unused(): Promise<never> {
  throw new Error('not used in this test');
}
