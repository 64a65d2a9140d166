import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../src/activities/operation.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { planOf } from '../support/plans.ts';

const lifecycle = 'cloudify.interfaces.lifecycle';
const checkStatus = 'cloudify.interfaces.validation.check_status';

let engine: Engine;
let calls: string[] = [];
let broken = new Set<string>();
let address = '10.1.1.1';
/** What the check of the server waits for. */
let serverLooksAfter: Promise<unknown> = Promise.resolve();
let heard = new EventEmitter();

const record: Operation = async ({ operation, subject }) => {
  const node = subject.kind === 'node' ? subject.self.node : '';
  const step = operation.slice(operation.lastIndexOf('.') + 1);
  calls.push(`${step} ${node}`);
  heard.emit(`${step} ${node}`);
  if (step === 'heal') broken.delete(node);
  return { runtimeProperties: { address } };
};
const check: Operation = async ({ subject }) => {
  const node = subject.kind === 'node' ? subject.self.node : '';
  if (node === 'server') await serverLooksAfter;
  const ill = broken.has(node);
  return { result: { healthy: !ill, ...(ill ? { reason: 'it is broken' } : {}) } };
};
/** A probe sees traffic while nothing that it needs is broken by a fault that no check sees. */
const probe: Operation = async () => {
  const ill = broken.has('secretly');
  return { result: { healthy: !ill, ...(ill ? { reason: 'no pages' } : {}) } };
};

const operations = {
  [`${lifecycle}.create`]: 'test.record',
  [`${lifecycle}.delete`]: 'test.record',
  [`${lifecycle}.heal`]: 'test.record',
  [checkStatus]: 'test.check',
};

beforeAll(async () => {
  engine = await startEngine({
    'test.record': record,
    'test.check': check,
    'test.probe': probe,
    'test.remake': async (context, tools) => {
      broken.delete('secretly');
      return record(context, tools);
    },
  });
  engine.plans.set(
    'cluster',
    planOf({ server: { operations } }, { address: { get_attribute: ['server', 'address'] }, note: null }),
  );
  engine.plans.set(
    'service',
    planOf({
      proxy: {
        properties: { deployment_id: 'cluster' },
        operations: {
          [`${lifecycle}.create`]: 'deployments.proxy.connect',
          [`${lifecycle}.delete`]: 'deployments.proxy.disconnect',
          [`${lifecycle}.heal`]: 'deployments.proxy.heal',
          [checkStatus]: 'deployments.proxy.check',
        },
      },
      user: { operations, needs: ['proxy'] },
    }),
  );
  engine.plans.set(
    'whole',
    planOf({
      part: {
        properties: {
          resource_config: { blueprint: { path: 'cluster' }, deployment: { id: 'whole-part' } },
        },
        operations: {
          [`${lifecycle}.create`]: 'deployments.component.install',
          [`${lifecycle}.delete`]: 'deployments.component.uninstall',
          [`${lifecycle}.heal`]: 'deployments.component.heal',
          [checkStatus]: 'deployments.component.check',
        },
      },
      user: { operations, needs: ['part'] },
    }),
  );
  engine.plans.set(
    'probed',
    planOf({
      hop: { operations: { ...operations, [`${lifecycle}.create`]: 'test.remake' } },
      after: {
        operations: { [checkStatus]: 'test.probe', 'braid.interfaces.proof.verify': 'test.probe' },
        needs: ['hop'],
      },
    }),
  );
  await engine.braid.run('install', { deployment: 'cluster', blueprint: 'cluster' });
  for (const name of ['service', 'whole', 'probed']) {
    await engine.braid.run('install', { deployment: name, blueprint: name });
  }
});
afterAll(() => engine.close());
beforeEach(() => {
  calls = [];
  broken = new Set();
  serverLooksAfter = Promise.resolve();
  heard = new EventEmitter();
});

describe('a deployment that is used by a proxy', () => {
  test('is only reported, while its user is healed', async () => {
    broken.add('server').add('user');
    const result = await engine.braid.run('heal', { deployment: 'service' });
    expect(result.unwell).toMatchObject([{ deployment: 'cluster', reason: 'it is broken' }]);
    expect(result.repairs).toMatchObject([{ deployment: 'service', node: 'user', action: 'healed' }]);
    expect(calls).toEqual(['heal user']);
  });

  test('makes the check of its user tell the same', async () => {
    broken.add('server');
    const { healthy, instances } = await engine.braid.run('check', { deployment: 'service' });
    expect(healthy).toBe(false);
    expect(instances.find(({ node }) => node === 'proxy')?.reason).toContain(
      'in the deployment cluster, server_',
    );
  });

  test('is healed when that is asked for', async () => {
    broken.add('server');
    const result = await engine.braid.run('heal', { deployment: 'service', recursive: true });
    expect(result.unwell).toEqual([]);
    expect(result.repairs).toMatchObject([{ deployment: 'cluster', node: 'server', action: 'healed' }]);
  });

  test('gives what it now offers to its user, when that is healed', async () => {
    address = '10.9.9.9';
    broken.add('server');
    await engine.braid.run('heal', { deployment: 'cluster' });
    const { healthy } = await engine.braid.run('check', { deployment: 'service' });
    expect(healthy).toBe(false);
    const { repairs } = await engine.braid.run('heal', { deployment: 'service' });
    expect(repairs).toMatchObject([{ node: 'proxy', action: 'healed' }]);
    expect(repairs[0]?.reason).toContain('address');
    const { instances } = await engine.braid.deployment('service');
    const proxy = Object.values(instances).find(({ node }) => node === 'proxy');
    expect(proxy?.runtimeProperties['address']).toBe('10.9.9.9');
    expect(await engine.braid.run('check', { deployment: 'service' })).toMatchObject({ healthy: true });
  });

  test('is well with an output that is null', async () => {
    const { outputs } = await engine.braid.deployment('cluster');
    expect(outputs).toHaveProperty('note', null);
    expect(await engine.braid.run('check', { deployment: 'service' })).toMatchObject({ healthy: true });
  });
});

test('a component tells its repairs in the heal of its parent', async () => {
  broken.add('server');
  const { repairs } = await engine.braid.run('heal', { deployment: 'whole' });
  expect(repairs).toMatchObject([{ deployment: 'whole-part', node: 'server', action: 'healed' }]);
  expect(calls).toEqual(['heal server']);
});

test('what is ill by itself is repaired while other deployments are still looked at', async () => {
  broken.add('user');
  serverLooksAfter = once(heard, 'heal user');
  const { repairs } = await engine.braid.run('heal', { deployment: 'whole' });
  expect(repairs).toMatchObject([{ deployment: 'whole', node: 'user', action: 'healed' }]);
  expect(calls).toEqual(['heal user']);
});

test('a component that was healed by itself gives what it now offers to its parent', async () => {
  address = '10.7.7.7';
  broken.add('server');
  await engine.braid.run('heal', { deployment: 'whole-part' });
  const { instances } = await engine.braid.run('check', { deployment: 'whole' });
  expect(instances.find(({ node }) => node === 'part')?.reason).toContain(
    'outputs of whole-part have changed',
  );
  const { repairs } = await engine.braid.run('heal', { deployment: 'whole' });
  expect(repairs).toMatchObject([{ node: 'part', action: 'healed' }]);
  expect(await engine.braid.run('check', { deployment: 'whole' })).toMatchObject({ healthy: true });
});

test('what a probe depends on is made anew when traffic stays away although all say they are well', async () => {
  broken.add('secretly');
  const { repairs, traffic } = await engine.braid.run('heal', { deployment: 'probed' });
  expect(repairs).toMatchObject([{ node: 'hop', action: 'reinstalled' }]);
  expect(repairs[0]?.reason).toContain('no pages');
  expect(traffic).toMatchObject([{ instance: expect.stringMatching(/^after_/) }]);
});
