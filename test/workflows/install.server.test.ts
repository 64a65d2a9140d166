import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../src/activities/operation.ts';
import { failure } from '../../src/contracts/failure.ts';
import { madeSecret } from '../../src/contracts/secret-names.ts';
import { installOrder } from '../../src/workflows/lifecycle/interfaces.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { planOf } from '../support/plans.ts';

const lifecycle = 'cloudify.interfaces.lifecycle';
const relationship = 'cloudify.interfaces.relationship_lifecycle';

let engine: Engine;
let calls: string[] = [];
let broken: string | undefined;

const record: Operation = async ({ operation, subject }) => {
  const who = subject.kind === 'node' ? subject.self.node : `${subject.source.node}->${subject.target.node}`;
  const call = `${operation.slice(operation.lastIndexOf('.') + 1)} ${who}`;
  calls.push(call);
  if (call === broken) throw failure('ResourceRejected', `${call} is refused`);
  return {};
};

beforeAll(async () => {
  engine = await startEngine({
    'test.record': record,
    'test.full-name': async ({ operation }) => {
      calls.push(operation);
      return {};
    },
    'test.look': async ({ deployment, subject }) => {
      const { instances } = await engine.braid.deployment(deployment);
      calls.push(instances[subject.kind === 'node' ? subject.self.id : '']?.state ?? 'unknown');
      return {};
    },
    'test.address': async () => ({ runtimeProperties: { ip: '10.0.0.7' } }),
    'test.echo': async ({ inputs }) => ({ runtimeProperties: { heard: inputs['text'] ?? null } }),
    'test.secret': async ({ inputs, deployment }, { secrets }) => {
      const password = JSON.stringify(inputs['password']);
      await secrets.put(madeSecret(deployment, 'vault', 'found'), password);
      throw failure('ResourceRejected', `the password ${password} was refused`);
    },
  });
});
afterAll(() => engine.close());
beforeEach(() => {
  calls = [];
  broken = undefined;
});

const recorded = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`${lifecycle}.${name}`, 'test.record']));

describe('install', () => {
  test('runs the operations of a node in Cloudify’s order, targets before sources', async () => {
    engine.plans.set(
      'order',
      planOf({
        app: {
          operations: recorded('create', 'configure', 'start'),
          needs: [
            {
              target: 'host',
              contained: true,
              source: {
                [`${relationship}.preconfigure`]: 'test.record',
                [`${relationship}.establish`]: 'test.record',
              },
              onTarget: { [`${relationship}.postconfigure`]: 'test.record' },
            },
          ],
        },
        host: { operations: recorded('create', 'start') },
      }),
    );
    await engine.braid.run('install', { deployment: 'order', blueprint: 'order' });
    expect(calls).toEqual([
      'create host',
      'start host',
      'create app',
      'preconfigure app->host',
      'configure app',
      'postconfigure app->host',
      'start app',
      'establish app->host',
    ]);
    const { instances, phase } = await engine.braid.deployment('order');
    expect(phase).toBe('installed');
    expect(Object.values(instances).map(({ state }) => state)).toEqual(['started', 'started']);
  });

  test('runs every operation that it knows, in the order that a plan is shown in', async () => {
    const all = Object.fromEntries(installOrder.map((name) => [name, 'test.full-name']));
    engine.plans.set(
      'every',
      planOf({ base: {}, one: { operations: all, needs: [{ target: 'base', source: all }] } }),
    );
    await engine.braid.run('install', { deployment: 'every', blueprint: 'every' });
    expect(calls).toEqual(installOrder);
  });

  test('does nothing the second time', async () => {
    engine.plans.set('twice', planOf({ one: { operations: recorded('create') } }));
    await engine.braid.run('install', { deployment: 'twice', blueprint: 'twice' });
    await engine.braid.run('install', { deployment: 'twice', blueprint: 'twice' });
    expect(calls).toEqual(['create one']);
  });

  test('evaluates attributes just before the operation that needs them, and outputs at the end', async () => {
    engine.plans.set(
      'attributes',
      planOf(
        {
          server: { operations: { [`${lifecycle}.create`]: 'test.address' } },
          client: {
            operations: {
              [`${lifecycle}.start`]: {
                implementation: 'test.echo',
                inputs: { text: { concat: ['http://', { get_attribute: ['server', 'ip'] }, '/'] } },
              },
            },
            needs: ['server'],
          },
        },
        { url: { get_attribute: ['client', 'heard'] } },
      ),
    );
    const { outputs } = await engine.braid.run('install', {
      deployment: 'attributes',
      blueprint: 'attributes',
    });
    expect(outputs).toEqual({ url: 'http://10.0.0.7/' });
  });

  test('lets independent branches end, tells what failed, and goes on from there', async () => {
    engine.plans.set(
      'partial',
      planOf({
        bad: { operations: recorded('create') },
        above: { operations: recorded('create'), needs: ['bad'] },
        aside: { operations: recorded('create') },
      }),
    );
    broken = 'create bad';
    const install = () => engine.braid.run('install', { deployment: 'partial', blueprint: 'partial' });
    await expect(install()).rejects.toThrow(/bad_\w{6}: ResourceRejected: create bad is refused.*1 other/s);
    expect(calls.toSorted()).toEqual(['create aside', 'create bad']);
    expect((await engine.braid.deployment('partial')).phase).toBe('incomplete');

    broken = undefined;
    calls = [];
    await install();
    expect(calls).toEqual(['create bad', 'create above']);
  });

  test('rolls back what it did when asked to', async () => {
    engine.plans.set(
      'rollback',
      planOf({
        base: { operations: recorded('create', 'delete') },
        bad: { operations: recorded('create', 'delete'), needs: ['base'] },
      }),
    );
    broken = 'create bad';
    const input = { deployment: 'rollback', blueprint: 'rollback', onFailure: 'rollback' as const };
    await expect(engine.braid.run('install', input)).rejects.toThrow('create bad is refused');
    expect(calls).toEqual(['create base', 'create bad', 'delete bad', 'delete base']);
  });

  test('refuses a name that another blueprint has', async () => {
    engine.plans.set('first', planOf({ one: {} }));
    engine.plans.set('second', planOf({ two: {} }));
    await engine.braid.run('install', { deployment: 'taken', blueprint: 'first' });
    const again = engine.braid.run('install', { deployment: 'taken', blueprint: 'second' });
    await expect(again).rejects.toMatchObject({ type: 'DeploymentExists' });
  });

  test('tells the record of an instance before anything of it is made', async () => {
    const look = {
      operations: { [`${lifecycle}.precreate`]: 'test.look', [`${lifecycle}.create`]: 'test.look' },
    };
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`n${index}`, look]));
    engine.plans.set('told', planOf({ ...wide, last: { ...look, needs: Object.keys(wide) } }));
    await engine.braid.run('install', { deployment: 'told', blueprint: 'told' });
    expect(calls).toHaveLength(42);
    expect(calls).not.toContain('uninitialized');
  });

  test('gives secrets to operations alone', async () => {
    engine.secrets.set('own/password', 'correct-horse-battery');
    engine.plans.set(
      'secret',
      planOf({
        vault: {
          operations: {
            [`${lifecycle}.create`]: {
              implementation: 'test.secret',
              inputs: { password: { get_secret: 'password' } },
            },
          },
        },
      }),
    );
    const error = await engine.braid
      .run('install', { deployment: 'secret', blueprint: 'secret' })
      .catch((caught: unknown) => caught);
    expect(engine.secrets.get('made/secret/vault/found')).toBe('"correct-horse-battery"');
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(String(error)).toContain('the password [secret] was refused');
  });

  test('says which operation no worker offers', async () => {
    engine.plans.set('unknown', planOf({ one: { operations: { [`${lifecycle}.create`]: 'nobody.knows' } } }));
    const installed = engine.braid.run('install', { deployment: 'unknown', blueprint: 'unknown' });
    await expect(installed).rejects.toThrow(
      'OperationUnknown: No plugin of this worker offers the operation nobody.knows',
    );
  });
});
