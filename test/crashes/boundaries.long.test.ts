import { afterAll, beforeAll, test } from 'vitest';
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

test('kill -9 of the worker', () => steps.survives('worker', steps.killWorker));

test('kill -9 of the server', () =>
  steps.survives('server', async () => {
    await station.killServer();
    await station.startServer();
    await station.letGo(...station.held());
  }));

test('kill -9 of both', () =>
  steps.survives('both', async () => {
    await station.killServer();
    await steps.killWorker(station.startServer);
  }));
