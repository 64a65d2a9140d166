import { expect, test } from 'vitest';
import { criticalPath, type Execution, type Step } from '../../bench/lib/critical-path.ts';

test('the path goes back from the end over what made each step be scheduled', () => {
  const execution: Execution = {
    began: 0,
    ended: 100,
    steps: [
      step('short', { scheduled: 1, began: 2, ended: 10 }),
      step('long', { scheduled: 1, began: 3, ended: 50 }),
      step('after long', { scheduled: 52, began: 55, ended: 90, after: 1 }),
    ],
    last: 2,
  };
  expect(criticalPath(execution)).toEqual([
    { name: 'long', depth: 0, waited: 3, ran: 47 },
    { name: 'after long', depth: 0, waited: 5, ran: 35 },
    { name: 'end', depth: 0, waited: 10, ran: 0 },
  ]);
});

test('a child workflow is told by its own path, and all pieces together are the whole time', () => {
  const inner: Execution = {
    began: 14,
    ended: 40,
    steps: [step('inside', { scheduled: 15, began: 16, ended: 38 })],
    last: 0,
  };
  const execution: Execution = {
    began: 0,
    ended: 50,
    steps: [
      step('first', { scheduled: 1, began: 2, ended: 10 }),
      { ...step('child', { scheduled: 12, began: 13, ended: 42, after: 0 }), inner },
    ],
    last: 1,
  };
  const path = criticalPath(execution);
  expect(path.map(({ name, depth }) => `${depth} ${name}`)).toEqual([
    '0 first',
    '0 child',
    '1 inside',
    '1 end',
    '0 end of child',
    '0 end',
  ]);
  expect(path.reduce((sum, { waited, ran }) => sum + waited + ran, 0)).toBe(50);
});

test('an execution that did nothing has its end alone', () => {
  expect(criticalPath({ began: 5, ended: 9, steps: [], last: null })).toEqual([
    { name: 'end', depth: 0, waited: 4, ran: 0 },
  ]);
});

function step(
  name: string,
  times: Pick<Step, 'scheduled' | 'began' | 'ended'> & { readonly after?: number },
): Step {
  return { name, after: null, inner: null, ...times };
}
