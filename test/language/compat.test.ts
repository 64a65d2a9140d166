import { expect, test } from 'vitest';
import { compileText, planOf, remarksOn } from './compile-text.ts';

/** What makes sense, and what Cloudify's parser says of it all the same. */
test.each([
  ['a text that is not ASCII', 'description: für alle', 'non-ascii 1:14'],
  ['the description of a node type', 'node_types: { t: { description: one } }', 'unknown-key 1:20'],
  [
    'the description of a relationship type',
    'relationships: { r: { description: one } }',
    'unknown-key 1:23',
  ],
  [
    'the description of a node',
    'node_templates: { a: { type: cloudify.nodes.Root, description: one } }',
    'unknown-key 1:51',
  ],
  [
    'the default of an object type',
    'inputs: { d: { type: deployment_id, default: one } }\noutputs: { o: { value: { get_input: d } } }',
    'constraint-broken 1:46',
  ],
  [
    'lengths of time with a space between',
    'deployment_settings: { default_schedules: { s: { workflow: w, since: +1d +1h } } }',
    'invalid-schedule 1:70',
  ],
  [
    'a static function of a value that is known only later',
    `node_types: { t: { properties: { p: {} } } }
node_templates: { a: { type: t, properties: { p: { string_upper: { get_attribute: [SELF, x] } } } } }`,
    'evaluation-failed 2:50',
  ],
  [
    'an executor that is to be chosen',
    `node_types: { t: { interfaces: { i: { o: { executor: auto } } } } }`,
    'invalid-executor 1:54',
  ],
  [
    'an input that is not required, and not given',
    `node_types: { t: { interfaces: { i: { o: { implementation: p.o, inputs: { a: { required: false } } } } } } }
node_templates: { n: { type: t } }`,
    'missing-property 1:39',
  ],
  [
    'an input that nothing uses',
    `node_types: { t: { interfaces: { i: { o: { inputs: { a: {} } } } } } }
node_templates: { n: { type: t } }`,
    'missing-property 1:39',
  ],
])('%s is fine, and told only with compat', async (_what, text, told) => {
  expect((await compileText(text)).plan).not.toBeNull();
  expect(await remarksOn(text, { compat: true })).toEqual([told]);
});

test('a comment may be in any language with compat', async () => {
  expect(await remarksOn('# für alle\ndescription: all', { compat: true })).toEqual([]);
});

test('compat leaves unread defaults of inputs alone', async () => {
  const text = 'inputs: { i: { default: { get_input: nobody } } }';
  expect(await remarksOn(text, { compat: true })).toEqual(['unused-input 1:11']);
  expect(await remarksOn(text)).toContain('unknown-input 1:38');
});

test('of two functions in one map the last counts', async () => {
  const plan = await planOf('outputs: { o: { value: { string_upper: a, string_lower: B } } }');
  expect(plan.outputs['o']?.value).toBe('b');
});

test('a property that nothing defines', async () => {
  const text = 'node_types: { t: { properties: { p: } } }';
  expect(await remarksOn(text, { compat: true })).toEqual(['empty-schema 1:34']);
  expect(await remarksOn(text)).toEqual([]);
});

test('a default of null has to fulfil the constraints', async () => {
  const text =
    'inputs: { i: { default: null, required: false, constraints: [{ length: 2 }] } }\noutputs: { o: { value: { get_input: i } } }';
  expect(await remarksOn(text, { compat: true })).toEqual(['constraint-broken 1:25']);
  expect(await remarksOn(text)).toEqual([]);
});

test('an input of an operation stays as it is given', async () => {
  const text = `
data_types: { d: { properties: { k: { default: 1 }, l: { default: 2 } } } }
node_types: { t: { interfaces: { i: { o: { implementation: p.o, inputs: { a: { type: d } } } } } } }
node_templates: { n: { type: t, interfaces: { i: { o: { inputs: { a: { k: 5 } } } } } } }
`;
  const inputs = async (compat: boolean) =>
    (await planOf(text, { compat })).nodes.n?.operations['i.o']?.inputs;
  expect(await inputs(false)).toEqual({ a: { k: 5, l: 2 } });
  expect(await inputs(true)).toEqual({ a: { k: 5, type: 'd' } });
});

test('get_property copies the functions that it finds', async () => {
  const text = `
node_types: { t: { properties: { p: {} } } }
node_templates:
  a: { type: t, properties: { p: { k: { get_attribute: [a, x] } } } }
  b: { type: t, properties: { p: { get_property: [a, p] } } }
`;
  const read = async (compat: boolean) => (await planOf(text, { compat })).nodes.b?.properties['p'];
  expect(await read(false)).toEqual({ get_property: ['a', 'p'] });
  expect(await read(true)).toEqual({ k: { get_attribute: ['a', 'x'] } });
});

test('an input is never of a data type where an operation declares one', async () => {
  const text = `
inputs: { i: { default: { k: 1 } } }
data_types: { d: { properties: { k: {} } } }
node_types: { t: { interfaces: { i: { o: { implementation: p.o, inputs: { a: { type: d } } } } } } }
node_templates: { n: { type: t, interfaces: { i: { o: { inputs: { a: { get_input: i } } } } } } }
`;
  expect(await remarksOn(text)).toEqual([]);
  expect(await remarksOn(text, { compat: true })).toEqual(['wrong-input-function 4:70']);
});

const optional = (properties: string) => `
data_types: { d: { properties: { ${properties} } } }
node_types: { t: { properties: { p: { type: d, required: false } } } }
node_templates: { n: { type: t } }
`;

test('a value of a data type is made although none is required', async () => {
  const given = optional('a: { required: false }');
  expect((await planOf(given)).nodes.n?.properties).toEqual({});
  expect((await planOf(given, { compat: true })).nodes.n?.properties).toEqual({ p: {} });
  expect(await remarksOn(optional('a: {}'))).toEqual([]);
  expect(await remarksOn(optional('a: {}'), { compat: true })).toEqual(['missing-property 3:19']);
});

test('a function among the items of a list is a map', async () => {
  const text =
    'inputs: { a: { type: list, item_type: integer, default: [{ get_input: b }] }, b: { default: 1 } }\noutputs: { o: { value: { get_input: a } } }';
  expect(await remarksOn(text)).toEqual([]);
  expect(await remarksOn(text, { compat: true })).toEqual(['wrong-type 1:58', 'unused-input 1:79']);
});

test('properties of relationships stay as they are written', async () => {
  const text = `
relationships: { r: { derived_from: cloudify.relationships.depends_on, properties: { connection_type: { default: all_to_all }, k: { default: 1 } } } }
node_templates:
  a: { type: cloudify.nodes.Root }
  b: { type: cloudify.nodes.Root, relationships: [{ type: r, target: a, properties: { k: { string_lower: [] } } }] }
`;
  expect(await remarksOn(text)).toEqual(['illegal-argument 4:106']);
  expect(await remarksOn(text, { compat: true })).toEqual([]);
});

test('a path leads through an input as it is given', async () => {
  const text = `
inputs: { i: { default: { merge: [{ k: 1 }, { l: 2 }] } } }
outputs: { o: { value: { get_input: [i, k] } } }
`;
  expect((await planOf(text)).outputs['o']?.value).toBe(1);
  expect(await remarksOn(text, { compat: true })).toEqual(['input-path 2:24']);
});

test('of two relationships to one node the last decides on connections', async () => {
  const text = `
relationships: { r: { derived_from: cloudify.relationships.connected_to, properties: { connection_type: {} } } }
node_templates:
  a: { type: cloudify.nodes.Root }
  b:
    type: cloudify.nodes.Root
    relationships:
      - { type: r, target: a, properties: { connection_type: none } }
      - { type: r, target: a, properties: { connection_type: all_to_all } }
`;
  expect(await remarksOn(text, { compat: true })).toEqual(['relationships-collapse 8:9']);
  expect(await remarksOn(text)).toEqual(['invalid-connection-type 7:17', 'relationships-collapse 8:9']);
});

const reading = (type: string) => `
inputs: { i: { default: { string_find: [a, a] } } }
outputs: { o: { value: { get_input: i, type: ${type} } } }
`;

test('a function that is given for an input is of no other type than dict', async () => {
  expect((await planOf(reading('integer'))).outputs['o']?.value).toBe(0);
  expect(await remarksOn(reading('integer'), { compat: true })).toEqual(['wrong-input-function 2:24']);
  expect(await remarksOn(reading('dict'), { compat: true })).toEqual([]);
});
