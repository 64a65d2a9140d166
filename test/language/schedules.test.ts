import { expect, test } from 'vitest';
import { utcOf } from '../../src/language/sections/schedule-times.ts';
import { remarksOn } from './compile-text.ts';

const schedule = (fields: string) =>
  `deployment_settings: { default_schedules: { s: { workflow: w, since: +1 day, ${fields} } } }`;

test.each([
  ['timezone: Nowhere/Never', 'invalid-schedule'],
  ['until: 2030-02-30 10:00', 'invalid-schedule'],
  ['recurrence: often', 'invalid-schedule'],
  ['weekdays: [mo, xy]', 'invalid-weekday'],
  ['count: many', 'wrong-shape'],
  ['workflow_parameters: { get_attribute: [n, x] }', 'runtime-value'],
  ['execution_arguments: { hurry: true }', 'unknown-key'],
])('%s is told', async (fields, code) => {
  const node = 'node_templates: { n: { type: cloudify.nodes.Root } }\n';
  const remarks = await remarksOn(node + schedule(fields));
  expect(remarks.map((one) => one.split(' ')[0])).toEqual([code]);
});

test.each([
  'timezone: Asia/Jerusalem',
  'until: 2030-01-31 10:00',
  'recurrence: 2 weeks',
  'weekdays: [MO, 2tu, l-fr]',
  'workflow_parameters: { a: { get_input: n } }',
])('%s is fine', async (fields) => {
  expect(await remarksOn(`inputs: { n: { default: 1 } }\n${schedule(fields)}`)).not.toContainEqual(
    expect.stringContaining('invalid'),
  );
});

test.each([
  ['2020-1-1 7:40', null, '2020-01-01 07:40:00'],
  ['2035-1-1 19:30', 'EST', '2035-01-02 00:30:00'],
  ['2030-07-01 12:00', 'Asia/Jerusalem', '2030-07-01 09:00:00'],
  ['2030-01-01 12:00', 'Asia/Jerusalem', '2030-01-01 10:00:00'],
  ['+1 day', 'EST', '+1 day'],
])('%s in %s is %s', (text, timezone, utc) => {
  expect(utcOf(text, timezone)).toBe(utc);
});
