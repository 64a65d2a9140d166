import { expect, test } from 'vitest';
import { diagnosticCodes } from '../../src/language/index.ts';
import { suggest } from '../../src/language/diagnostics/suggest.ts';
import { compileFiles, compileText, remarksOn } from './compile-text.ts';

test('all mistakes of all files are told at once, in the order of files and places', async () => {
  const text = `
imports_: []
inputs:
  a: { typo: 1, required: false }
node_templates:
  n:
    type: nowhere
    relationships:
      - { type: cloudify.relationships.depends_on, target: nobody }
outputs:
  o: { value: { get_input: b } }
`;
  expect(await remarksOn(text)).toEqual([
    'unknown-key 1:1',
    'unused-input 3:3',
    'unknown-key 3:8',
    'unknown-type 6:11',
    'unknown-target 8:60',
    'unknown-input 10:28',
  ]);
});

test('a mistake in an imported file is told in that file', async () => {
  const files = { 'part.yaml': 'node_templates:\n  n: { type: lost }\n' };
  const { diagnostics } = await compileFiles({
    'main.yaml': 'tosca_definitions_version: cloudify_dsl_1_3\nimports: [part.yaml]\n',
    ...files,
  });
  expect(diagnostics).toMatchObject([
    { file: 'part.yaml', line: 2, column: 14, endColumn: 18, code: 'unknown-type' },
  ]);
});

test('a diagnostic tells what was meant', async () => {
  const { diagnostics } = await compileText('node_templates:\n  n: { type: cloudify.nodes.Compte }\n');
  expect(diagnostics[0]?.hint).toBe('Did you mean `cloudify.nodes.Compute`?');
  expect(diagnostics[0]?.peerCode).toBe(7);
});

test('the plan is there if and only if nothing is an error', async () => {
  const warned = await compileText('inputs: { a: { default: 1 } }\n');
  expect(warned.diagnostics.map((one) => one.severity)).toEqual(['warning']);
  expect(warned.plan).not.toBeNull();
  expect((await compileText('node_templates: 3\n')).plan).toBeNull();
});

test('every code has a summary and a remedy that end as sentences', () => {
  for (const [code, { summary, remedy }] of Object.entries(diagnosticCodes)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(summary).toMatch(/\.$/);
    expect(remedy).toMatch(/\.$/);
  }
});

test('a suggestion is near, or there is none', () => {
  expect(suggest('conatined_in', ['connected_to', 'contained_in'])).toBe('contained_in');
  expect(suggest('xyz', ['connected_to'])).toBeNull();
});

test.each([
  ['definitions that are no structure', 'dsl_definitions: 1', ['wrong-shape 1:18']],
  [
    'a relationship to itself that tells no type',
    'node_types: { t: {} }\nnode_templates: { n: { type: t, relationships: [{ target: n }] } }',
    ['missing-key 2:49', 'self-target 2:59'],
  ],
  [
    'both forms of a number of instances, one of them without it',
    'node_templates: { n: { type: cloudify.nodes.Root, instances: {}, capabilities: {} } }',
    ['instances-twice 1:51', 'missing-key 1:51'],
  ],
  [
    'the label of a plugin’s property',
    'plugins: { x: { executor: host_agent, install: false, properties: { p: { display_label: 1 } } } }',
    ['wrong-shape 1:89'],
  ],
  [
    'functions of labels and settings that are known only with the inputs',
    `inputs: { q: { default: zz } }
labels: { l: { values: [{ get_input: { get_input: q } }] } }
deployment_settings: { display_name: { get_input: { get_input: q } } }`,
    ['unknown-input 2:25', 'unknown-input 3:38'],
  ],
])('%s: all that is wrong', async (_what, text, remarks) => {
  expect(await remarksOn(text)).toEqual(remarks);
});

test.each([
  ['a property that it does not have', '{ prot: 1, port: 2 }', 'unknown-property'],
  ['a value that is missing', '{}', 'missing-property'],
  ['a value of the wrong type', '{ port: x }', 'wrong-type'],
])('what a type asks for is told with it and those from which it derives: %s', async (_what, given, code) => {
  const { diagnostics } = await compileText(`
node_types:
  server: { derived_from: cloudify.nodes.Root, properties: { port: { type: integer } } }
  web: { derived_from: server }
node_templates:
  n: { type: web, properties: ${given} }
`);
  expect(diagnostics).toMatchObject([
    {
      code,
      types: [
        { name: 'web', file: 'main.yaml', line: 5, column: 3 },
        { name: 'server', file: 'main.yaml', line: 4, column: 3 },
        { name: 'cloudify.nodes.Root', file: 'base.yaml' },
      ],
    },
  ]);
});
