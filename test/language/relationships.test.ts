import { expect, test } from 'vitest';
import { planOf, remarksOn } from './compile-text.ts';

const nodes = (relationships: Record<string, string>) =>
  `node_templates:\n${Object.entries(relationships)
    .map(([name, list]) => `  ${name}: { type: cloudify.nodes.Root, relationships: [${list}] }\n`)
    .join('')}`;
const to = (target: string, kind = 'depends_on') =>
  `{ type: cloudify.relationships.${kind}, target: ${target} }`;

test('relationships keep their order, types and properties', async () => {
  const plan = await planOf(nodes({ a: `${to('c')}, ${to('b', 'connected_to')}`, b: '', c: '' }));
  expect(plan.nodes.a?.relationships).toMatchObject([
    { target: 'c', typeHierarchy: ['cloudify.relationships.depends_on'] },
    {
      target: 'b',
      typeHierarchy: ['cloudify.relationships.depends_on', 'cloudify.relationships.connected_to'],
    },
  ]);
});

test('a target exists and is another node; the type is defined', async () => {
  expect(await remarksOn(nodes({ a: to('x') }))).toEqual(['unknown-target 2:102']);
  expect(await remarksOn(nodes({ a: to('a') }))).toEqual(['self-target 2:102']);
  expect(await remarksOn(nodes({ a: to('b', 'depend_on'), b: '' }))).toEqual(['unknown-relationship 2:59']);
});

test('a node is in one container at most', async () => {
  const text = nodes({ a: `${to('b', 'contained_in')}, ${to('c', 'contained_in')}`, b: '', c: '' });
  expect(await remarksOn(text)).toEqual(['two-containers 2:109']);
});

test('relationships do not lead in a circle', async () => {
  expect(await remarksOn(nodes({ a: to('b'), b: to('c'), c: to('a') }))).toEqual(['relationship-cycle 4:51']);
  expect(await remarksOn(nodes({ a: `${to('b')}, ${to('c')}`, b: to('d'), c: to('d'), d: '' }))).toEqual([]);
});

test('two relationships to one node are warned of', async () => {
  expect(await remarksOn(nodes({ a: `${to('b')}, ${to('b', 'connected_to')}`, b: '' }))).toEqual([
    'relationships-collapse 2:107',
  ]);
});

test('a relationship type of its own kind is warned of, and not planned', async () => {
  const text = `relationships: { own: {} }\n${nodes({ a: '{ type: own, target: b }', b: '' })}`;
  expect(await remarksOn(text, { inputs: null })).toEqual(['unsupported-relationship 3:59']);
  expect(await remarksOn(text)).toEqual(['relationship-of-no-kind 3:59']);
});

test('operations stand on both sides, merged with those of the type', async () => {
  const plan = await planOf(`
relationships:
  r:
    derived_from: cloudify.relationships.connected_to
    properties: { k: { default: 1 } }
    source_interfaces: { i: { go: { implementation: p.go, inputs: { x: { default: { get_property: [SOURCE, ip] } } } } } }
node_templates:
  a:
    type: cloudify.nodes.Compute
    properties: { ip: one }
    relationships:
      - type: r
        target: b
        target_interfaces: { i: { come: { implementation: p.come, inputs: { y: { get_attribute: [TARGET, z] } } } } }
  b: { type: cloudify.nodes.Compute }
`);
  expect(plan.nodes.a?.relationships).toMatchObject([
    {
      properties: { k: 1 },
      sourceOperations: { 'i.go': { implementation: 'p.go', inputs: { x: 'one' } } },
      targetOperations: {
        'i.come': { implementation: 'p.come', inputs: { y: { get_attribute: ['TARGET', 'z'] } } },
      },
    },
  ]);
});

test('an operation of a relationship has a plugin too', async () => {
  const relationship = `{ type: cloudify.relationships.depends_on, target: b, source_interfaces: { i: { go: q.x } } }`;
  expect(await remarksOn(nodes({ a: relationship, b: '' }))).toEqual([
    'unknown-plugin-of-relationship 2:135',
  ]);
});

const grouped = (instances: number) => `
relationships:
  to_one: { derived_from: cloudify.relationships.connected_to, properties: { connection_type: { default: all_to_one } } }
node_templates:
  a: { type: cloudify.nodes.Root, instances: { deploy: ${instances} } }
  b: { type: cloudify.nodes.Root, relationships: [{ type: to_one, target: a }] }
groups: { g: { members: [a, b] } }
policies: { s: { type: cloudify.policies.scaling, targets: [g] } }
`;

test('all_to_one within a group is refused where there is something to connect', async () => {
  expect(await remarksOn(grouped(1))).toEqual(['all-to-one-in-group 5:59']);
  expect(await remarksOn(grouped(0))).toEqual([]);
});

test('the operation to wait for is told by its name', async () => {
  const text = `
relationships:
  cloudify.relationships.depends_on_lifecycle_operation:
    derived_from: cloudify.relationships.depends_on
    properties: { operation: {} }
node_templates:
  a: { type: cloudify.nodes.Root }
  b:
    type: cloudify.nodes.Root
    relationships:
      - type: cloudify.relationships.depends_on_lifecycle_operation
        target: a
        properties: { operation: { x: y } }
`;
  expect(await remarksOn(text)).toEqual(['lifecycle-operation-unknown 12:34']);
});
