import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CrashStation, startCrashStation } from './crash-station.ts';
import { startStepByStep, type StepByStep } from './step-by-step.ts';

/** Install, heal and uninstall, killed before and after each step; see `StepByStep`. */

let station: CrashStation;
let steps: StepByStep;

beforeAll(async () => {
  station = await startCrashStation();
  steps = await startStepByStep(station);
});
afterAll(() => station?.stop());

test('kill -9 of the worker', async () => {
  expect(await steps.differences('worker', steps.killWorker)).toEqual([]);
});

test('kill -9 of the server', async () => {
  expect(await steps.differences('server', restartServer)).toEqual([]);
});

test('kill -9 of both', async () => {
  expect(await steps.differences('both', restartBoth)).toEqual([]);
});

async function restartServer(): Promise<void> {
  await station.killServer();
  await station.startServer();
  await station.letGo(...station.held());
}

async function restartBoth(): Promise<void> {
  await station.killServer();
  await steps.killWorker(() => station.startServer());
}
