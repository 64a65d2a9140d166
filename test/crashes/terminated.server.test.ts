import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Running } from '../support/processes.ts';
import { type CrashStation, startCrashStation } from './crash-station.ts';

/** An operator terminates executions; what comes next takes over, whatever the terminated one left behind. */

let station: CrashStation;
let worker: Running;

beforeAll(async () => {
  station = await startCrashStation();
  worker = await station.startWorker();
}, 300_000);
afterAll(() => station?.stop());

const installOf = (deployment: string) => ({ deployment, blueprint: 'pair/blueprint.yaml' });

describe('a terminated install', () => {
  test('is gone on with by the next install, which does again only what was not told', async () => {
    const deployment = 'goes-on';
    await station.hold({ deployment, step: 'install: create top 1', moment: 'after' });
    const first = await station.braid.start('install', installOf(deployment));
    await held(deployment);
    await terminate(first);
    await station.letGo(deployment);
    await station.braid.run('install', installOf(deployment));
    expect(station.cloud.journal(deployment).toSorted()).toEqual(
      ['made net', 'made base', 'start base', 'made top', 'establish top->base'].toSorted(),
    );
    expect(statuses(await station.braid.deployment(deployment))).toEqual([
      'install abandoned',
      'install completed',
    ]);
  });

  test('leaves nothing that the uninstall after it does not find, though it was in the middle of a step', async () => {
    const deployment = 'in-the-middle';
    await station.hold({ deployment, step: 'install: create base 1', moment: 'before' });
    const first = await station.braid.start('install', installOf(deployment));
    await held(deployment);
    await terminate(first);
    const uninstall = await station.braid.start('uninstall', { deployment });
    await station.letGo(deployment);
    await station.braid.result('uninstall', uninstall);
    await ended(deployment, 'install: create base 1');
    expect(station.cloud.objects(deployment)).toEqual({});
    await expect(station.braid.deployment(deployment)).rejects.toMatchObject({ type: 'DeploymentNotFound' });
  });

  test('does nothing more when its worker was stopped meanwhile, and comes back', async () => {
    const deployment = 'sleeper';
    await station.hold({ deployment, step: 'install: create base 1', moment: 'before' });
    const first = await station.braid.start('install', installOf(deployment));
    await held(deployment);
    const asleep = worker;
    asleep.child.kill('SIGSTOP');
    try {
      worker = await station.startWorker();
      await terminate(first);
      await station.braid.run('uninstall', { deployment });
    } finally {
      asleep.child.kill('SIGCONT');
    }
    await station.letGo(deployment);
    expect(await ended(deployment, 'install: create base 1')).toBe('failed');
    expect(station.cloud.objects(deployment)).toEqual({});
    asleep.child.kill('SIGTERM');
    await asleep.ended;
  }, 180_000);

  test('of a whole does not keep its parts, which are still ending, from being uninstalled', async () => {
    const [deployment, part] = ['whole', 'part'];
    await station.hold({ deployment: part, step: 'install: create base 1', moment: 'before' });
    const blueprint = 'whole/blueprint.yaml';
    const first = await station.braid.start('install', { deployment, blueprint, inputs: { part } });
    await held(part);
    await terminate(first);
    const uninstall = await station.braid.start('uninstall', { deployment });
    await expect
      .poll(() => station.steps().filter((each) => each.deployment === part), { timeout: 60_000 })
      .toContainEqual(expect.objectContaining({ step: 'uninstall: beginExecution 1' }));
    await station.letGo(part);
    await station.braid.result('uninstall', uninstall);
    expect(station.cloud.objects(part)).toEqual({});
    await expect(station.braid.deployment(part)).rejects.toMatchObject({ type: 'DeploymentNotFound' });
  });
});

test('a terminated heal is gone on with: what it repaired is linked anew', async () => {
  const deployment = 'linked';
  await station.braid.run('install', installOf(deployment));
  station.cloud.remove(deployment, 'base');
  await station.hold({ deployment, step: 'heal: establish top 1', moment: 'before' });
  const first = await station.braid.start('heal', { deployment });
  await held(deployment);
  await terminate(first);
  const before = station.cloud.journal(deployment).length;
  expect(await station.braid.run('heal', { deployment })).toMatchObject({ repairs: [] });
  await station.letGo(deployment);
  expect(await ended(deployment, 'heal: establish top 1')).toBe('failed');
  expect(station.cloud.journal(deployment).slice(before)).toEqual(['establish top->base']);
});

test('an uninstall that was cancelled is followed by another at once', async () => {
  const deployment = 'cancelled';
  await station.braid.run('install', installOf(deployment));
  await station.hold({ deployment, step: 'uninstall: delete top 1', moment: 'before' });
  const first = await station.braid.start('uninstall', { deployment });
  await held(deployment);
  await station.braid.cancel(first);
  const second = await station.braid.start('uninstall', { deployment });
  await station.letGo(deployment);
  await station.braid.result('uninstall', second);
  expect(station.cloud.objects(deployment)).toEqual({});
});

async function held(deployment: string): Promise<void> {
  await expect.poll(() => station.held(), { timeout: 60_000 }).toContain(deployment);
}

async function terminate(execution: string): Promise<void> {
  await station.client.workflow.getHandle(execution).terminate('by an operator');
}

/** How an attempt of a step ended that the server may not know of any more. */
async function ended(deployment: string, wanted: string): Promise<string> {
  const ends = (): readonly string[] =>
    station
      .steps()
      .filter((each) => each.deployment === deployment && each.step === wanted && each.moment !== 'before')
      .map(({ moment }) => moment);
  await expect.poll(ends, { timeout: 60_000 }).not.toEqual([]);
  return ends()[0] ?? '';
}

function statuses({ executions }: { executions: readonly { kind: string; status: string }[] }): string[] {
  return executions.map(({ kind, status }) => `${kind} ${status}`);
}
