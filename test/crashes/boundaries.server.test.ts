import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CrashStation, startCrashStation } from './crash-station.ts';
import { startStepByStep, type StepByStep } from './step-by-step.ts';

/** Install, heal and uninstall, killed after each step's effect and before its answer; see `StepByStep`. */

let station: CrashStation;
let steps: StepByStep;

beforeAll(async () => {
  station = await startCrashStation();
  steps = await startStepByStep(station);
}, 300_000);
afterAll(() => station?.stop());

test('left alone, the executions do what the blueprint says', () => {
  const { alone } = steps;
  expect(alone.get('install')?.effects).toEqual(
    ['made net', 'made base', 'start base', 'made top', 'establish top->base'].toSorted(),
  );
  expect(alone.get('heal')?.effects).toEqual(expect.arrayContaining(['made base', 'removed base']));
  expect(alone.get('uninstall')).toMatchObject({
    objects: [],
    record: expect.stringContaining('There is no deployment'),
  });
  expect(new Set(station.steps().map(({ step }) => step)).size).toBeGreaterThan(20);
});

test('kill -9 of the worker between effect and answer of any step does no harm', async () => {
  expect(await steps.differences('worker', steps.killWorker, ['after'])).toEqual([]);
}, 600_000);
