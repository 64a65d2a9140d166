import { expect, it } from 'vitest';
import { addCounts, countTests, failedProject } from '../../scripts/lib/count.ts';

const file = (status: string, ...tests: readonly string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

it('counts tests', () => {
  const report = { testResults: [file('passed', 'passed', 'passed'), file('failed', 'failed', 'passed')] };
  expect(countTests('unit', report, 1)).toEqual({ passed: 3, failed: 1, remarks: [] });
  expect(countTests('unit', { testResults: [file('passed', 'passed')] }, 0)).toEqual({
    passed: 1,
    failed: 0,
    remarks: [],
  });
});

it.each([
  ['no report', undefined, 1, 1],
  ['a report of another shape', { testResults: 3 }, 0, 1],
  ['a project without a test', { testResults: [] }, 0, 1],
  ['a file that cannot be loaded', { testResults: [file('passed', 'passed'), file('failed')] }, 1, 1],
  ['tests that did not run', { testResults: [file('passed', 'passed', 'skipped', 'pending')] }, 0, 2],
  ['tests behind a failed beforeAll', { testResults: [file('failed', 'skipped', 'skipped')] }, 1, 2],
  ['an error outside all tests', { testResults: [file('passed', 'passed')] }, 1, 1],
])('takes %s for failures', (_, report, status, failed) => {
  const count = countTests('unit', report, status);
  expect(count.failed).toBe(failed);
  expect(count.remarks.length).toBeGreaterThan(0);
});

it('adds up', () => {
  expect(addCounts([{ passed: 2, failed: 0, remarks: [] }, failedProject('lint: no')])).toEqual({
    passed: 2,
    failed: 1,
    remarks: ['lint: no'],
  });
});
