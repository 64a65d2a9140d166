import { expect, test } from 'vitest';
import { remarksOn } from './compile-text.ts';

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
