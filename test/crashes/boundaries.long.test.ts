import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Running } from '../support/processes.ts';
import { type CrashStation, type Site, startCrashStation } from './crash-station.ts';
import type { Hold } from './holds.ts';
import { type Alone, differences, leftAlone } from './step-by-step.ts';

/** Install, heal and uninstall, disturbed before and after each step. */

let station: CrashStation;
let site: Site;
let alone: Alone;
let worker: Running;

beforeAll(async () => {
  station = await startCrashStation();
  site = station.site('killed');
  worker = await site.startWorker();
  alone = await leftAlone(station, site);
});
afterAll(() => station?.stop());

test('kill -9 of the worker', async () => {
  expect(await differences(station, site, alone, { name: 'worker', crash: killWorker })).toEqual([]);
});

test('kill -9 of the server', async () => {
  const crash = async (stopped: readonly Hold[]): Promise<void> => {
    await station.killServer();
    await station.startServer();
    await station.letGo(...stopped);
  };
  expect(await differences(station, site, alone, { name: 'server', crash })).toEqual([]);
});

test('kill -9 of both, and nothing is started again for longer than a client tries by itself', async () => {
  const crash = async (stopped: readonly Hold[]): Promise<void> => {
    await station.killServer();
    await killWorker(stopped, async () => {
      await wait(40_000);
      await station.startServer();
    });
  };
  expect(await differences(station, site, alone, { name: 'both', crash })).toEqual([]);
});

test('a worker that stands still, until another one has done all, does no harm when it comes back', async () => {
  const asleep = worker;
  const crash = async (stopped: readonly Hold[]): Promise<void> => {
    asleep.child.kill('SIGSTOP');
    await station.letGo(...stopped);
    worker = await site.startWorker();
  };
  const afterwards = async (stopped: readonly Hold[]): Promise<void> => {
    asleep.child.kill('SIGCONT');
    await Promise.all(stopped.map((hold) => station.firstAttemptEnded(hold)));
    asleep.child.kill('SIGTERM');
    await asleep.ended;
  };
  const round = { name: 'paused', crash, afterwards };
  expect(await differences(station, site, alone, round)).toEqual([]);
});

async function killWorker(stopped: readonly Hold[], between?: () => Promise<void>): Promise<void> {
  worker.child.kill('SIGKILL');
  await worker.ended;
  await between?.();
  await station.letGo(...stopped);
  worker = await site.startWorker();
}
