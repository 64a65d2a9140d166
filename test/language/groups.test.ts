import { expect, test } from 'vitest';
import { planOf, remarksOn } from './compile-text.ts';

const blueprint = (groups: string, policies: string) => `
node_templates:
  vm: { type: cloudify.nodes.Compute }
  a: { type: cloudify.nodes.Root, relationships: [{ type: cloudify.relationships.contained_in, target: vm }] }
  b: { type: cloudify.nodes.Root }
groups: ${groups}
policies: ${policies}
`;
const scale = (target: string, rest = '') =>
  `{ s: { type: cloudify.policies.scaling, targets: [${target}]${rest} } }`;

test('members and targets exist', async () => {
  expect(await remarksOn(blueprint('{ g: { members: [vm, a] } }', scale('g')))).toEqual([]);
  expect(await remarksOn(blueprint('{ g: { members: [vn] } }', '{}'))).toEqual(['unknown-member 5:26']);
  expect(await remarksOn(blueprint('{ g: { members: [vm] } }', scale('h')))).toEqual(['unknown-group 6:61']);
  expect(await remarksOn(blueprint('{ g: { members: [vm] } }', scale('')))).toEqual(['no-targets 6:13']);
});

test('a policy scales, and nothing else', async () => {
  const remarks = await remarksOn(
    blueprint('{ g: { members: [vm] } }', '{ s: { type: other, targets: [g] } }'),
  );
  expect(remarks).toEqual(['unsupported-policy 6:24']);
});

test('scaling groups form a tree of members that stand together', async () => {
  const both = '{ s: { type: cloudify.policies.scaling, targets: [g, h] } }';
  expect(await remarksOn(blueprint('{ g: { members: [h] }, h: { members: [g] } }', both))).toEqual([
    'group-cycle 5:11',
    'group-cycle 5:32',
  ]);
  expect(await remarksOn(blueprint('{ g: { members: [b] }, h: { members: [b] } }', both))).toEqual([
    'member-of-two-groups 5:47',
  ]);
  expect(await remarksOn(blueprint('{ g: { members: [a, b] } }', scale('g')))).toEqual([
    'members-not-together 5:11',
  ]);
  expect(await remarksOn(blueprint('{ b: { members: [vm] } }', scale('b')))).toEqual([
    'group-named-as-node 5:11',
  ]);
});

test('numbers of a scaling group are consistent', async () => {
  const wrong = scale('g', ', properties: { default_instances: 1, min_instances: 2 }');
  expect(await remarksOn(blueprint('{ g: { members: [vm] } }', wrong))).toEqual(['invalid-instances 6:98']);
});

const watched = (type: string) => `
policy_types: { watch: { source: x, properties: { k: {} } } }
node_templates: { b: { type: cloudify.nodes.Root } }
groups: { g: { members: [b], policies: { w: { type: ${type}, properties: { k: 1 } } } } }
`;

test('what watches a group has a type', async () => {
  expect(await remarksOn(watched('watch'))).toEqual([]);
  expect(await remarksOn(watched('wtach'))).toEqual(['unknown-policy-type 3:53']);
});

const nested = (outer: string) => `
node_templates:
  vm: { type: cloudify.nodes.Compute }
  a: { type: cloudify.nodes.Root, relationships: [{ type: cloudify.relationships.contained_in, target: vm }] }
  b: { type: cloudify.nodes.Root }
groups: { inner: { members: [a, b] }, outer: { members: [${outer}] } }
policies: { s: { type: cloudify.policies.scaling, targets: [inner, outer] } }
`;

test('a member may stand with another through what it is contained in', async () => {
  expect(await remarksOn(nested('inner, vm'))).toEqual([]);
  expect(await remarksOn(nested('vm'))).toEqual(['members-not-together 5:11']);
});

test.each([
  ['default_instances: 1.0', 'wrong-shape'],
  ['min_instances: -1', 'invalid-instances'],
  ['max_instances: many', 'invalid-unbounded'],
])('the number of instances cannot be `%s`', async (number, told) => {
  const text = blueprint('{ g: { members: [vm] } }', scale('g', `, properties: { ${number} }`));
  expect((await remarksOn(text)).map((one) => one.split(' ')[0])).toEqual([told]);
});

test.each([
  'groups: { g: { members: } }',
  'policy_types: { t: { source: } }',
  'labels: { l: { values: } }',
  'deployment_settings: { default_schedules: { s: { workflow: w, since: } } }',
  'node_templates: { n: { type: cloudify.nodes.Root, relationships: [{ type: , target: n }] } }',
  'node_templates: { n: { type: cloudify.nodes.Root, instances: { deploy: } } }',
])('what must have a value has one: `%s`', async (text) => {
  expect((await remarksOn(text)).map((one) => one.split(' ')[0])).toContain('missing-key');
});

test('the number of instances may be a property of the node', async () => {
  const text = `
node_types: { t: { properties: { n: { default: 3 } } } }
node_templates:
  a: { type: t, capabilities: { scalable: { properties: { default_instances: { get_property: [SELF, n] } } } } }
`;
  expect((await planOf(text)).nodes.a?.instances.default).toBe(3);
});

const counted = (numbers: string) => `
inputs: { i: { default: 9 } }
node_templates: { n: { type: cloudify.nodes.Root, capabilities: { scalable: { properties: { ${numbers} } } } } }
`;

test.each([
  ['min_instances: 3, max_instances: { get_input: i }', ['invalid-instances']],
  ['default_instances: { get_input: i }, max_instances: 3', []],
])('of `%s` what is written is judged', async (numbers, told) => {
  expect((await remarksOn(counted(numbers))).map((one) => one.split(' ')[0])).toEqual(told);
});

const contained = (name: string, index: number) =>
  `  ${name}: { type: cloudify.nodes.Root, relationships: [{ type: cloudify.relationships.contained_in, target: h${index % 2} }] }\n`;

test('thousands of members that stand together through their containers are judged by kinds', async () => {
  const names = Array.from({ length: 3_000 }, (_, index) => `n${index}`);
  const text = `
node_templates:
  h0: { type: cloudify.nodes.Compute }
  h1: { type: cloudify.nodes.Compute }
${names.map(contained).join('')}groups: { g: { members: [h0, h1, ${names.join(', ')}] } }
policies: ${scale('g')}
`;
  expect(await remarksOn(text)).toEqual([]);
});
