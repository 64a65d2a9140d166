import { expect, test } from 'vitest';
import { compileText, remarksOn } from './compile-text.ts';

const dataType = 'data_types: { d: { properties: { n: { type: integer }, m: { default: 1 } } } }';

test.each([
  ['a property', 'node_types: { t: { properties: { p: { type: integer, default: x } } } }', '1:63'],
  ['a relationship', 'relationships: { r: { properties: { p: { type: boolean, default: x } } } }', '1:66'],
  ['a data type', 'data_types: { d: { properties: { p: { type: list, default: x } } } }', '1:60'],
  [
    'a runtime property',
    'node_types: { t: { runtime_properties: { p: { type: float, default: x } } } }',
    '1:69',
  ],
  [
    'an operation',
    'node_types: { t: { interfaces: { i: { o: { inputs: { p: { type: dict, default: x } } } } } } }',
    '1:80',
  ],
  [
    'a workflow',
    'workflows: { w: { mapping: p.w, parameters: { p: { type: integer, default: x } } } }',
    '1:76',
  ],
  [
    'a policy type',
    'policy_types: { y: { source: s, properties: { p: { type: integer, default: x } } } }',
    '1:76',
  ],
])('the default of %s must be of its type, used or not', async (_what, text, place) => {
  expect(await remarksOn(text)).toEqual([`wrong-type ${place}`]);
});

test('the default of a property may lack what a node gives, that of an operation may not', async () => {
  const property = `${dataType}\nnode_types: { t: { properties: { p: { type: d, default: { m: 2 } } } } }`;
  expect(await remarksOn(property)).toEqual([]);
  const operation = `${dataType}
node_types: { t: { interfaces: { i: { o: { inputs: { p: { type: d, default: { m: 2 } } } } } } } }`;
  expect(await remarksOn(operation)).toEqual(['missing-property 2:77']);
});

test.each([
  ['a workflow', 'workflows: { w: { mapping: p.w, parameters: { p: { type: nix } } } }', '1:58'],
  ['a policy type', 'policy_types: { y: { source: s, properties: { p: { type: nix } } } }', '1:58'],
  [
    'a plugin',
    'plugins: { q: { executor: host_agent, install: false, properties: { p: { type: nix } } } }',
    '1:80',
  ],
])('a schema of %s must be of a type that exists', async (_what, text, place) => {
  expect(await remarksOn(text)).toEqual([`unknown-data-type ${place}`]);
});

test('a data type that contains itself is told once, and its values have an end', async () => {
  const text = `data_types: { a: { properties: { b: { type: b } } }, b: { properties: { a: { type: a } } } }
node_types: { t: { properties: { p: { type: a } } } }
node_templates: { n: { type: t } }`;
  expect(await remarksOn(text)).toEqual(['type-cycle 1:84']);
});

test('types that derive from each other, or contain each other, without measure are refused', async () => {
  const derived = Array.from({ length: 10_000 }, (_, n) => `  t${n + 1}: { derived_from: t${n} }`);
  const nested = Array.from(
    { length: 1000 },
    (_, n) => `  d${n + 1}: { properties: { p: { type: d${n} } } }`,
  );
  const text = `node_types:\n  t0: {}\n${derived.join('\n')}\ndata_types:\n  d0: {}\n${nested.join('\n')}`;
  const remarks = await remarksOn(text);
  expect(new Set(remarks.map((one) => one.split(' ')[0]))).toEqual(new Set(['too-deep']));
});

test('an incomplete default of an input is told', async () => {
  const { plan } = await compileText(`${dataType}\ninputs: { i: { type: d, default: { m: 1 } } }`);
  expect(plan).toBeNull();
});
