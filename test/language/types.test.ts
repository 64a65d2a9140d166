import { expect, test } from 'vitest';
import { planOf, remarksOn } from './compile-text.ts';

test('a type has what its parents have, and what it says itself comes first', async () => {
  const plan = await planOf(`
node_types:
  a: { derived_from: cloudify.nodes.Root, properties: { x: { default: 1 }, y: { default: 2 } }, interfaces: { i: { run: p.a, stop: p.stop } } }
  b: { derived_from: a, properties: { y: { default: 3 } }, interfaces: { i: { run: { implementation: p.b, inputs: { k: { default: v } } } } } }
node_templates:
  n: { type: b }
`);
  expect(plan.nodes.n).toMatchObject({
    typeHierarchy: ['cloudify.nodes.Root', 'a', 'b'],
    properties: { x: 1, y: 3 },
    operations: {
      'i.run': { implementation: 'p.b', inputs: { k: 'v' } },
      'i.stop': { implementation: 'p.stop', inputs: {} },
    },
  });
});

test('a parent must exist, and nothing derives from itself', async () => {
  expect(await remarksOn('node_types: { a: { derived_from: lost } }\n')).toEqual(['unknown-parent 1:34']);
  const text = 'node_types: { a: { derived_from: b }, b: { derived_from: a } }\n';
  expect(await remarksOn(text)).toEqual(['type-cycle 1:58']);
});

test('a data type nests, and its defaults are taken key by key', async () => {
  const plan = await planOf(`
data_types:
  inner: { properties: { a: { default: 1 }, b: { default: 2 } } }
  outer: { properties: { in: { type: inner, default: { a: 10 } }, c: { type: string } } }
node_types:
  t: { properties: { o: { type: outer } } }
node_templates:
  n: { type: t, properties: { o: { c: x, in: { b: 20 } } } }
`);
  expect(plan.nodes.n?.properties).toEqual({ o: { in: { a: 10, b: 20 }, c: 'x' } });
});

const withValue = (value: string) => `
data_types:
  d: { properties: { a: { type: integer } } }
node_types:
  t: { properties: { p: { type: d } } }
node_templates:
  n: { type: t, properties: { p: ${value} } }
`;

test('a data type knows its properties', async () => {
  expect(await remarksOn(withValue('{ a: 1 }'))).toEqual([]);
  expect(await remarksOn(withValue('{ a: x }'))).toEqual(['wrong-type 6:39']);
  expect(await remarksOn(withValue('{ a: 1, b: 2 }'))).toEqual(['unknown-property 6:42']);
  expect(await remarksOn(withValue('{}'))).toEqual(['missing-property 6:34']);
  expect(await remarksOn(withValue('3'))).toEqual(['wrong-type 6:34']);
});

test('a data type is no basic type, does not contain itself and is defined', async () => {
  expect(await remarksOn('data_types: { string: { properties: {} } }\n')).toEqual([
    'primitive-redefined 1:15',
  ]);
  const circle =
    'data_types: { a: { properties: { x: { type: b } } }, b: { properties: { y: { type: a } } } }\n';
  expect(await remarksOn(circle)).toEqual(['type-cycle 1:84']);
  expect(await remarksOn('node_types: { t: { properties: { p: { type: sting } } } }\n')).toEqual([
    'unknown-data-type 1:45',
  ]);
});

test('the version of a data type is a text', async () => {
  expect(await remarksOn("data_types: { d: { version: '1.0' } }\n")).toEqual([]);
  expect(await remarksOn('data_types: { d: { version: 1.0 } }\n')).toEqual(['wrong-shape 1:29']);
});
