import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../src/activities/operation.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { planOf } from '../support/plans.ts';

const lifecycle = 'cloudify.interfaces.lifecycle';
const relationship = 'cloudify.interfaces.relationship_lifecycle';

let engine: Engine;
let calls: string[] = [];
/** Nodes that are broken, and those whose heal does not help. */
let broken = new Set<string>();
let hopeless = new Set<string>();
/** Nodes that their platform mends: a heal only waits for them. */
let recovering = new Set<string>();
/** By node: another whose fault makes it unwell too. */
let suffers = new Map<string, string>();
/** A step that waits, until it is let go. */
let held: { readonly call: string; readonly until: Promise<void> } | null = null;
let looks: { readonly node: string; readonly key: string }[] = [];

const record: Operation = async ({ operation, subject }) => {
  const node = subject.kind === 'node' ? subject.self.node : `${subject.source.node}->${subject.target.node}`;
  const step = operation.slice(operation.lastIndexOf('.') + 1);
  calls.push(`${step} ${node}`);
  if (held?.call === `${step} ${node}`) await held.until;
  if (step === 'create' || (step === 'heal' && !hopeless.has(node))) broken.delete(node);
  return step === 'heal' && recovering.has(node) ? { result: { repaired: false } } : {};
};
const check: Operation = async ({ subject, idempotencyKey }) => {
  const node = subject.kind === 'node' ? subject.self.node : '';
  looks.push({ node, key: idempotencyKey });
  const ill = [node, suffers.get(node) ?? ''].some((one) => broken.has(one));
  return { result: { healthy: !ill, ...(ill ? { reason: 'it is broken' } : {}) } };
};

const operations = {
  [`${lifecycle}.create`]: 'test.record',
  [`${lifecycle}.delete`]: 'test.record',
  [`${lifecycle}.heal`]: 'test.record',
  'cloudify.interfaces.validation.check_status': 'test.check',
};

beforeAll(async () => {
  engine = await startEngine({ 'test.record': record, 'test.check': check });
  engine.plans.set(
    'stack',
    planOf({
      host: { operations, compute: true },
      inside: { operations, needs: [{ target: 'host', contained: true }] },
      user: {
        operations,
        needs: [{ target: 'inside', source: { [`${relationship}.establish`]: 'test.record' } }],
      },
      aside: { operations },
    }),
  );
  await engine.braid.run('install', { deployment: 'stack', blueprint: 'stack' });
});
afterAll(() => engine.close());
beforeEach(() => {
  calls = [];
  broken = new Set();
  hopeless = new Set();
  recovering = new Set();
  suffers = new Map();
  looks = [];
  held = null;
});

function keysOfLooks(name: string): readonly string[] {
  return looks.filter(({ node }) => node === name).map(({ key }) => key);
}

describe('check', () => {
  test('tells what is not well, and touches nothing', async () => {
    broken.add('inside');
    const { healthy, instances } = await engine.braid.run('check', { deployment: 'stack' });
    expect(healthy).toBe(false);
    expect(instances.filter((each) => !each.healthy).map(({ node, reason }) => ({ node, reason }))).toEqual([
      { node: 'inside', reason: 'it is broken' },
    ]);
    expect(calls).toEqual([]);
  });
});

describe('heal', () => {
  test('does nothing where nothing is wrong', async () => {
    expect(await engine.braid.run('heal', { deployment: 'stack' })).toMatchObject({ repairs: [] });
    expect(calls).toEqual([]);
  });

  test('repairs in place, and links anew what depends on it', async () => {
    broken.add('inside');
    const { repairs } = await engine.braid.run('heal', { deployment: 'stack' });
    expect(repairs).toMatchObject([{ node: 'inside', reason: 'it is broken', action: 'healed' }]);
    expect(calls).toEqual(['heal inside', 'establish user->inside']);
  });

  test('says that nothing was to be done where it only waited for the platform to mend it', async () => {
    broken.add('host').add('inside');
    recovering.add('host').add('inside');
    const { repairs } = await engine.braid.run('heal', { deployment: 'stack' });
    expect(repairs).toEqual([]);
    expect(calls).toEqual(['heal host', 'heal inside']);
  });

  test('links anew what an earlier heal, which was terminated, did not come to', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = { call: 'establish user->inside', until: promise };
    broken.add('inside');
    const id = await engine.braid.start('heal', { deployment: 'stack' });
    await expect.poll(() => calls, { timeout: 30_000 }).toContain('establish user->inside');
    await engine.client.workflow.getHandle(id).terminate('by an operator');
    [held, calls] = [null, []];
    resolve();
    expect(await engine.braid.run('heal', { deployment: 'stack' })).toMatchObject({ repairs: [] });
    expect(calls).toEqual(['establish user->inside']);
    calls = [];
    await engine.braid.run('heal', { deployment: 'stack' });
    expect(calls).toEqual([]);
  });

  test('looks again, as another step, at what suffered from what it repaired, and only at that', async () => {
    broken.add('inside');
    suffers.set('user', 'inside');
    const { repairs } = await engine.braid.run('heal', { deployment: 'stack' });
    expect(repairs).toMatchObject([{ node: 'inside' }]);
    expect(keysOfLooks('host')).toHaveLength(1);
    expect(keysOfLooks('aside')).toHaveLength(1);
    expect(new Set(keysOfLooks('user')).size).toBe(2);
  });

  test('looks anew when an earlier execution had the same id, as those of components have', async () => {
    for (let time = 1; time <= 2; time += 1) {
      const id = await engine.braid.start('heal', { deployment: 'stack' }, 'heal:stack:again');
      await engine.braid.result('heal', id);
    }
    expect(new Set(keysOfLooks('host')).size).toBe(2);
  });

  test('repairs what needs something ill after that', async () => {
    broken.add('host').add('inside');
    const { repairs } = await engine.braid.run('heal', { deployment: 'stack' });
    expect(repairs).toMatchObject([{ node: 'host' }, { node: 'inside' }]);
    expect(calls.slice(0, 2)).toEqual(['heal host', 'heal inside']);
  });

  test('reinstalls with all that it contains what cannot be repaired in place', async () => {
    broken.add('host');
    hopeless.add('host');
    const { repairs } = await engine.braid.run('heal', { deployment: 'stack' });
    expect(repairs).toMatchObject([{ node: 'host', action: 'reinstalled' }]);
    expect(calls).toEqual([
      'heal host',
      // A machine that cannot be mended goes first: nothing can be done on it any more.
      'delete host',
      'delete inside',
      'create host',
      'create inside',
      'establish user->inside',
    ]);
  });

  test('does not reinstall when that is not allowed', async () => {
    broken.add('host');
    hopeless.add('host');
    const healed = engine.braid.run('heal', { deployment: 'stack', reinstall: false });
    await expect(healed).rejects.toThrow('reinstalling it was not allowed');
  });
});
