import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Running } from '../support/processes.ts';
import { type CrashStation, type Site, startCrashStation } from './crash-station.ts';
import type { Hold } from './holds.ts';
import { type Alone, differences, leftAlone } from './step-by-step.ts';

/** A worker that is killed at every step, and executions that an operator terminates. */

let station: CrashStation;
let alone: Alone;
const sites = new Map<string, { readonly site: Site; readonly worker: Running }>();

beforeAll(async () => {
  station = await startCrashStation();
  await Promise.all(
    ['killed', 'terminated'].map(async (name) => {
      const site = station.site(name);
      sites.set(name, { site, worker: await site.startWorker() });
    }),
  );
  alone = await leftAlone(station, at('killed').site);
}, 120_000);
afterAll(() => station?.stop());

const beforeTold = { step: 'install: create top 1', moment: 'after' } as const;

describe.concurrent('an execution', () => {
  test('that nothing disturbs does what the blueprint says', () => {
    expect(alone.get('install')?.effects).toEqual(installed);
    expect(alone.get('heal')?.effects).toEqual(expect.arrayContaining(['made base', 'removed base']));
    expect(alone.get('uninstall')).toMatchObject({
      objects: [],
      record: expect.stringContaining('There is no deployment'),
    });
    expect(new Set(station.steps().map(({ step }) => step)).size).toBeGreaterThan(20);
  });

  test('ends the same when its worker is killed between effect and answer of any step', async () => {
    const { site, worker } = at('killed');
    const crash = async (stopped: readonly Hold[]): Promise<void> => {
      worker.child.kill('SIGKILL');
      await worker.ended;
      await station.letGo(...stopped);
      await site.startWorker();
    };
    expect(await differences(station, site, alone, { name: 'killed', at: ['after'], crash })).toEqual([]);
  }, 240_000);

  test('that was terminated is gone on with by the next install, which does again only what was not told', async () => {
    const { braid } = await terminated({ deployment: 'goes-on', ...beforeTold });
    await braid.run('install', installOf('goes-on'));
    expect(station.cloud.journal('goes-on').toSorted()).toEqual(installed);
    const { executions } = await braid.deployment('goes-on');
    expect(executions.map(({ status }) => status)).toEqual(['abandoned', 'completed']);
  });

  test('that was terminated is finished by a heal', async () => {
    const { braid } = await terminated({ deployment: 'healed', ...beforeTold });
    await braid.run('heal', { deployment: 'healed' });
    expect(station.cloud.journal('healed').toSorted()).toEqual(installed);
  });

  test('that was terminated in the middle of a step leaves nothing that the next uninstall does not find', async () => {
    const [deployment, step] = ['in-the-middle', 'install: create base 1'];
    const { braid } = at('terminated').site;
    await terminate(await startUntil(at('terminated').site, { deployment, step, moment: 'before' }));
    const uninstall = await braid.start('uninstall', { deployment });
    await station.letGo({ deployment });
    await braid.result('uninstall', uninstall);
    await station.firstAttemptEnded({ deployment, step });
    expect(await leftOf(deployment)).toEqual(nothing);
  });

  test('that was terminated does not keep its parts, which are still ending, from being uninstalled', async () => {
    const [deployment, part] = ['whole', 'part'];
    const { braid } = at('terminated').site;
    await station.hold({ deployment: part, step: 'install: create base 1', moment: 'before' });
    const blueprint = 'whole/blueprint.yaml';
    const install = await braid.start('install', { deployment, blueprint, inputs: { part } });
    await station.haveStopped([{ deployment: part }]);
    await terminate(install);
    const uninstall = await braid.start('uninstall', { deployment });
    const isWaiting = (): boolean =>
      station.steps().some((each) => each.deployment === part && each.step.startsWith('uninstall: begin'));
    await vi.waitUntil(isWaiting, { timeout: 60_000 });
    await station.letGo({ deployment: part });
    await braid.result('uninstall', uninstall);
    expect(await leftOf(part)).toEqual(nothing);
  });

  test('that was cancelled is followed by another at once, which waits for its end', async () => {
    const { braid } = at('terminated').site;
    const deployment = 'cancelled';
    await braid.run('install', installOf(deployment));
    await station.hold({ deployment, step: 'uninstall: delete top 1', moment: 'before' });
    const first = await braid.start('uninstall', { deployment });
    await station.haveStopped([{ deployment }]);
    await braid.cancel(first);
    const second = await braid.start('uninstall', { deployment });
    await station.letGo({ deployment });
    await braid.result('uninstall', second);
    expect(await leftOf(deployment)).toEqual(nothing);
  });
});

describe('a worker that was stopped while its install was terminated', () => {
  test('does nothing more when it comes back', async () => {
    const { site, worker } = at('terminated');
    const hold = { deployment: 'sleeper', step: 'install: create base 1', moment: 'before' } as const;
    const install = await startUntil(site, hold);
    worker.child.kill('SIGSTOP');
    await site.startWorker();
    await terminate(install);
    await site.braid.run('uninstall', { deployment: hold.deployment });
    await station.letGo(hold);
    worker.child.kill('SIGCONT');
    expect(await station.firstAttemptEnded(hold)).toBe('failed');
    expect(await leftOf(hold.deployment)).toEqual(nothing);
  }, 120_000);
});

const installed = ['made net', 'made base', 'start base', 'made top', 'establish top->base'].toSorted();
const nothing = { objects: {}, record: 'DeploymentNotFound' };
const installOf = (deployment: string) => ({ deployment, blueprint: 'pair/blueprint.yaml' });

function at(name: string): { readonly site: Site; readonly worker: Running } {
  const found = sites.get(name);
  if (found === undefined) throw new Error(`There is no site ${name}.`);
  return found;
}

/** An install that has stopped there. */
async function startUntil({ braid }: Site, hold: Hold): Promise<string> {
  await station.hold(hold);
  const execution = await braid.start('install', installOf(hold.deployment));
  await station.haveStopped([hold]);
  return execution;
}

/** Terminated there, when all that was done before is in the deployment's record. */
async function terminated(hold: Hold): Promise<Site> {
  const { site } = at('terminated');
  const execution = await startUntil(site, hold);
  const toldOfBase = async (): Promise<boolean> => {
    const { instances } = await site.braid.deployment(hold.deployment);
    return Object.values(instances).some(({ node, state }) => node === 'base' && state === 'started');
  };
  await vi.waitUntil(toldOfBase, { timeout: 30_000 });
  await terminate(execution);
  await station.letGo(hold);
  return site;
}

async function terminate(execution: string): Promise<void> {
  await station.client.workflow.getHandle(execution).terminate('by an operator');
}

/** Objects that are there, and whether the deployment is. */
async function leftOf(deployment: string) {
  const record = at('terminated').site.braid.deployment(deployment);
  const code = await record.catch((error: unknown) => error instanceof ApplicationFailure && error.type);
  return { objects: station.cloud.objects(deployment), record: code };
}
