import { expect, test } from 'vitest';
import { planOf, remarksOn } from './compile-text.ts';

const typed = (schema: string, value: string) => `
node_types: { t: { properties: { p: ${schema} } } }
node_templates: { n: { type: t, properties: { ${value} } } }
`;

test.each([
  ['integer', '1', []],
  ['integer', 'true', ['wrong-type 2:50']],
  ['integer', '"3"', ['wrong-type 2:50']],
  ['float', '1', []],
  ['float', 'x', ['wrong-type 2:50']],
  ['boolean', 'on', []],
  ['boolean', '1', ['wrong-type 2:50']],
  ['string', '1', []],
  ['list', '[1]', []],
  ['list', '{}', ['wrong-type 2:50']],
  ['dict', '{ a: 1 }', []],
  ['dict', '[]', ['wrong-type 2:50']],
  ['regex', '"a+"', []],
  ['regex', '"a("', ['wrong-type 2:50']],
  ['integer', '{ get_secret: s }', []],
])('a property of type %s and the value %s', async (type, value, remarks) => {
  expect(await remarksOn(typed(`{ type: ${type} }`, `p: ${value}`))).toEqual(remarks);
});

test('an unknown property is refused, with what was meant', async () => {
  expect(await remarksOn(typed('{ default: 1 }', 'q: 1'))).toEqual(['unknown-property 2:47']);
});

test('a required property must have a value, unless the resource exists already', async () => {
  expect(await remarksOn(typed('{ type: string }', ''))).toEqual(['missing-property 2:33']);
  expect(await remarksOn(typed('{ required: false }', ''))).toEqual([]);
  const external = typed(
    '{ type: string }, use_external_resource: { default: false }',
    'use_external_resource: true',
  );
  expect(await remarksOn(external)).toEqual([]);
});

test('use_external_resource is told, not computed', async () => {
  const text = typed(
    '{ default: 1 }, use_external_resource: { default: false }',
    'use_external_resource: { concat: [a] }',
  );
  expect(await remarksOn(text)).toEqual(['external-by-function 2:70']);
});

const nodeWith = (rest: string) => `node_templates: { n: { type: cloudify.nodes.Root, ${rest} } }\n`;

const scalable = (numbers: string) => `capabilities: { scalable: { properties: { ${numbers} } } }`;

test('numbers of instances', async () => {
  const of = async (rest: string) => (await planOf(nodeWith(rest))).nodes.n?.instances;
  expect(await of('')).toEqual({ default: 1, min: 0, max: null });
  expect(await of('instances: { deploy: 3 }')).toEqual({ default: 3, min: 0, max: null });
  expect(await of(scalable('default_instances: 2, min_instances: 1, max_instances: 4'))).toEqual({
    default: 2,
    min: 1,
    max: 4,
  });
  expect(await of(scalable('max_instances: UNBOUNDED'))).toEqual({ default: 1, min: 0, max: null });
  expect(await remarksOn(nodeWith(scalable('default_instances: 5, max_instances: 4')))).toEqual([
    'invalid-instances 1:112',
  ]);
  expect(await remarksOn(nodeWith(`instances: { deploy: 2 }, ${scalable('')}`))).toEqual([
    'instances-twice 1:51',
  ]);
  expect(await remarksOn(nodeWith('instances: { deploy: -1 }'))).toEqual(['wrong-shape 1:72']);
});
