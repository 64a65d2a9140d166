import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../src/activities/operation.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { planOf } from '../support/plans.ts';

const create = 'cloudify.interfaces.lifecycle.create';
const remove = 'cloudify.interfaces.lifecycle.delete';

let engine: Engine;
let calls: string[] = [];
let release: () => void = () => undefined;
let gate: Promise<void> = Promise.resolve();

const record: Operation = async ({ operation, subject, inputs }) => {
  const node = subject.kind === 'node' ? subject.self.node : '';
  calls.push(`${operation.slice(operation.lastIndexOf('.') + 1)} ${node}`);
  return { runtimeProperties: { seen: inputs['see'] ?? null } };
};

beforeAll(async () => {
  engine = await startEngine({
    'test.record': record,
    'test.wait': async (_context, { signal }) => {
      calls.push('waiting');
      await Promise.race([gate, aborted(signal)]);
      return {};
    },
  });
});
afterAll(() => engine.close());
beforeEach(() => {
  calls = [];
  gate = new Promise((resolve) => {
    release = resolve;
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

async function statesIn(deployment: string): Promise<Record<string, string>> {
  const { instances } = await engine.braid.deployment(deployment);
  return Object.fromEntries(Object.values(instances).map(({ node, state }) => [node, state]));
}

const component = (id: string, path: string) => ({
  resource_config: { blueprint: { path }, deployment: { id } },
});

const recorded = { [create]: 'test.record', [remove]: 'test.record' };

describe('a deployment', () => {
  test('is gone with its record as the result after uninstall, and its name is free', async () => {
    engine.plans.set(
      'gone',
      planOf({ one: { operations: recorded }, two: { operations: recorded, needs: ['one'] } }),
    );
    await engine.braid.run('install', { deployment: 'gone', blueprint: 'gone' });
    await engine.braid.run('uninstall', { deployment: 'gone' });
    expect(calls).toEqual(['create one', 'create two', 'delete two', 'delete one']);
    await expect(engine.braid.deployment('gone')).rejects.toMatchObject({ type: 'DeploymentNotFound' });
    const last = await engine.client.workflow.getHandle('deployment:gone').result();
    expect(last).toMatchObject({ deployment: 'gone', phase: 'uninstalled' });
    await engine.braid.run('install', { deployment: 'gone', blueprint: 'gone' });
    expect((await engine.braid.deployment('gone')).phase).toBe('installed');
  });

  test('is worked on by one execution at a time; another is told by which', async () => {
    engine.plans.set('busy', planOf({ slow: { operations: { [create]: 'test.wait' } } }));
    const first = await engine.braid.start('install', { deployment: 'busy', blueprint: 'busy' });
    await expect.poll(() => calls, { timeout: 30_000 }).toContain('waiting');
    const second = engine.braid.run('install', { deployment: 'busy', blueprint: 'busy' });
    await expect(second).rejects.toMatchObject({
      type: 'DeploymentBusy',
      message: expect.stringContaining(first),
    });
    release();
    await engine.braid.result('install', first);
  });

  test('is taken over from an execution that an operator terminated', async () => {
    engine.plans.set(
      'orphan',
      planOf({
        done: { operations: recorded },
        slow: { operations: { [create]: 'test.wait' }, needs: ['done'] },
      }),
    );
    const first = await engine.braid.start('install', { deployment: 'orphan', blueprint: 'orphan' });
    await expect.poll(() => calls, { timeout: 30_000 }).toContain('waiting');
    await expect.poll(() => statesIn('orphan')).toMatchObject({ done: 'started' });
    await engine.client.workflow.getHandle(first).terminate('by an operator');
    release();
    await engine.braid.run('install', { deployment: 'orphan', blueprint: 'orphan' });
    expect(calls).toEqual(['create done', 'waiting', 'waiting']);
    const { executions, phase } = await engine.braid.deployment('orphan');
    expect(phase).toBe('installed');
    expect(executions.map(({ status }) => status)).toEqual(['abandoned', 'completed']);
  });

  test('is left consistent when an execution is cancelled', async () => {
    engine.plans.set('cancel', planOf({ slow: { operations: { [create]: 'test.wait' } } }));
    const first = await engine.braid.start('install', { deployment: 'cancel', blueprint: 'cancel' });
    await expect.poll(() => calls, { timeout: 30_000 }).toContain('waiting');
    await engine.braid.cancel(first);
    await expect(engine.braid.result('install', first)).rejects.toThrow('was cancelled');
    expect(await engine.braid.deployment('cancel')).toMatchObject({
      holder: null,
      phase: 'incomplete',
      executions: [{ status: 'cancelled' }],
    });
  });

  test('continues as new when its history grows long, and loses nothing', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `n${index}`);
    const chain = names.map((node, index) => [
      node,
      { operations: recorded, needs: names.slice(index - 1, index) },
    ]);
    engine.plans.set('long', planOf(Object.fromEntries(chain)));
    await engine.braid.run('install', { deployment: 'long', blueprint: 'long' });
    const entity = engine.client.workflow.getHandle('deployment:long');
    const { runId, raw } = await entity.describe();
    expect(runId).not.toBe(raw.workflowExecutionInfo?.firstRunId);
    const { instances, phase } = await engine.braid.deployment('long');
    expect({
      phase,
      started: Object.values(instances).filter(({ state }) => state === 'started').length,
    }).toEqual({
      phase: 'installed',
      started: 25,
    });
    await engine.braid.run('uninstall', { deployment: 'long' });
    expect(calls).toHaveLength(50);
  });

  test('that others use is not uninstalled, unless forced', async () => {
    engine.plans.set('provider', planOf({ one: { operations: recorded } }, { address: '10.1.1.1' }));
    engine.plans.set(
      'consumer',
      planOf(
        {
          proxy: {
            properties: { deployment_id: 'provider', inherit_outputs: ['address'] },
            operations: { [create]: 'deployments.proxy.connect', [remove]: 'deployments.proxy.disconnect' },
          },
          user: {
            needs: ['proxy'],
            operations: {
              [create]: {
                implementation: 'test.record',
                inputs: { see: { get_attribute: ['proxy', 'address'] } },
              },
            },
          },
        },
        { seen: { get_attribute: ['user', 'seen'] } },
      ),
    );
    await engine.braid.run('install', { deployment: 'provider', blueprint: 'provider' });
    const { outputs } = await engine.braid.run('install', { deployment: 'consumer', blueprint: 'consumer' });
    expect(outputs).toEqual({ seen: '10.1.1.1' });
    const refused = engine.braid.run('uninstall', { deployment: 'provider' });
    await expect(refused).rejects.toMatchObject({
      type: 'DeploymentInUse',
      message: expect.stringContaining('consumer'),
    });
    await engine.braid.run('uninstall', { deployment: 'consumer' });
    await engine.braid.run('uninstall', { deployment: 'provider' });
  });

  test('offers capabilities, whose reader becomes a consumer', async () => {
    engine.plans.set('offers', planOf({ one: { operations: recorded } }, {}, { network: 'net-1' }));
    engine.plans.set(
      'reads',
      planOf(
        {
          user: { properties: { network: { get_capability: ['offers', 'network'] } }, operations: recorded },
        },
        { network: { get_property: ['user', 'network'] } },
      ),
    );
    await engine.braid.run('install', { deployment: 'offers', blueprint: 'offers' });
    const { outputs } = await engine.braid.run('install', { deployment: 'reads', blueprint: 'reads' });
    expect(outputs).toEqual({ network: 'net-1' });
    expect((await engine.braid.deployment('offers')).consumers).toEqual(['reads']);
    await engine.braid.run('uninstall', { deployment: 'reads' });
    expect((await engine.braid.deployment('offers')).consumers).toEqual([]);
  });

  test('offers them to operations that come to them by a property, too', async () => {
    engine.plans.set('offers', planOf({ one: { operations: recorded } }, {}, { network: 'net-1' }));
    const inputs = { see: { get_property: ['SELF', 'network'] } };
    engine.plans.set(
      'reads',
      planOf(
        {
          user: {
            properties: { network: { get_capability: ['offers', 'network'] } },
            operations: { ...recorded, [create]: { implementation: 'test.record', inputs } },
          },
        },
        { seen: { get_attribute: ['user', 'seen'] } },
      ),
    );
    await engine.braid.run('install', { deployment: 'offers', blueprint: 'offers' });
    const { outputs } = await engine.braid.run('install', { deployment: 'reads', blueprint: 'reads' });
    expect(outputs).toEqual({ seen: 'net-1' });
    await engine.braid.run('uninstall', { deployment: 'reads' });
    expect((await engine.braid.deployment('offers')).consumers).toEqual([]);
    await engine.braid.run('uninstall', { deployment: 'offers' });
  });
});

describe('a component', () => {
  const operations = {
    [create]: 'deployments.component.install',
    [remove]: 'deployments.component.uninstall',
  };

  test('is installed as a child, gives its outputs, and goes with its parent', async () => {
    engine.plans.set('part', planOf({ one: { operations: recorded } }, { address: '10.2.2.2' }));
    engine.plans.set(
      'whole',
      planOf(
        {
          part: { properties: component('whole-part', 'part'), operations },
        },
        { address: { get_attribute: ['part', 'address'] } },
      ),
    );
    const { outputs } = await engine.braid.run('install', { deployment: 'whole', blueprint: 'whole' });
    expect(outputs).toEqual({ address: '10.2.2.2' });
    const alone = engine.braid.run('uninstall', { deployment: 'whole-part' });
    await expect(alone).rejects.toMatchObject({ type: 'DeploymentInUse' });
    await engine.braid.run('uninstall', { deployment: 'whole' });
    await expect(engine.braid.deployment('whole-part')).rejects.toMatchObject({ type: 'DeploymentNotFound' });
  });

  test('is cancelled with its parent', async () => {
    engine.plans.set('slow-part', planOf({ slow: { operations: { [create]: 'test.wait' } } }));
    engine.plans.set(
      'stopped',
      planOf({ part: { properties: component('stopped-part', 'slow-part'), operations } }),
    );
    const execution = await engine.braid.start('install', { deployment: 'stopped', blueprint: 'stopped' });
    await expect.poll(() => calls, { timeout: 30_000 }).toContain('waiting');
    await engine.braid.cancel(execution);
    await expect(engine.braid.result('install', execution)).rejects.toThrow('was cancelled');
    expect((await engine.braid.deployment('stopped-part')).holder).toBeNull();
  });
});
