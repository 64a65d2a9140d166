import { expect, it } from 'vitest';
import { parseTestArguments, usualStages } from '../../scripts/lib/arguments.ts';

it('runs everything by default', () => {
  expect(parseTestArguments([])).toEqual({ stages: usualStages, yes: false, help: false, files: [] });
});

it('runs the chosen stages in their own order, once each', () => {
  expect(parseTestArguments(['--only', 'unit,types', '--only=unit', 'lab/ports']).stages).toEqual([
    'types',
    'unit',
  ]);
  expect(parseTestArguments(['--only', 'unit', 'lab/ports']).files).toEqual(['lab/ports']);
});

it.each([
  [
    ['--only', 'units'],
    '--only knows types, lint, format, unused, supply, unit, server, lab, long; not units.',
  ],
  [['--onyl', 'unit'], "Unknown option '--onyl'"],
])('refuses %j', (args, message) => {
  expect(() => parseTestArguments(args)).toThrow(message);
});
