import { expect, test } from 'vitest';
import type { Advisory } from '../../../scripts/lib/supply/advisories.ts';
import { advisoriesIn } from '../../../scripts/lib/supply/advisories.ts';
import { problemsOf } from '../../../scripts/lib/supply/judge.ts';

const none = { licences: {}, advisories: {} };
const advisory: Advisory = {
  name: 'left',
  severity: 'high',
  title: 'reads any file',
  url: 'https://advisories.test/GHSA-1',
};

test('a licence that is unknown or not allowed is refused, unless somebody says why not', () => {
  const dependencies = [
    { name: 'one', version: '1.0.0', licence: null },
    { name: 'two', version: '1.0.0', licence: 'GPL-3.0-only' },
    { name: 'three', version: '1.0.0', licence: 'MIT' },
  ];
  expect(problemsOf(dependencies, [], none)).toEqual([
    'one 1.0.0: its licence is unknown',
    'two 1.0.0: the licence GPL-3.0-only is not among those that are allowed',
  ]);
  const excepted = { ...none, licences: { 'one@1.0.0': 'public domain', 'two@2.0.0': 'another version' } };
  expect(problemsOf(dependencies, [], excepted)).toEqual([expect.stringMatching(/^two 1\.0\.0/)]);
});

test('a grave advisory is refused, unless somebody says why not; a lesser one is told', () => {
  expect(problemsOf([], [advisory], none)).toEqual([
    'left: high: reads any file (https://advisories.test/GHSA-1)',
  ]);
  expect(problemsOf([], [{ ...advisory, severity: 'critical' }], none)).toHaveLength(1);
  expect(problemsOf([], [{ ...advisory, severity: 'moderate' }], none)).toEqual([]);
  expect(problemsOf([], [advisory], { ...none, advisories: { 'GHSA-1': 'not reached' } })).toEqual([]);
});

test('what npm prints is read: each advisory once, of whoever depends on it', () => {
  const printed = {
    auditReportVersion: 2,
    vulnerabilities: {
      left: { name: 'left', severity: 'high', via: [{ source: 1, ...advisory, range: '<2' }] },
      right: { name: 'right', severity: 'high', via: ['left', { source: 1, ...advisory, range: '<2' }] },
    },
  };
  expect(advisoriesIn(JSON.stringify(printed))).toEqual([advisory]);
});

test('a registry that does not tell is told of, without its address', () => {
  const refusal = {
    message: '405 Method Not Allowed - POST https://registry.test/advisories',
    statusCode: 405,
  };
  expect(() => advisoriesIn(JSON.stringify(refusal))).toThrow(/^405 Method Not Allowed$/);
  expect(() => advisoriesIn('{}')).toThrow('its answer is not understood');
});
