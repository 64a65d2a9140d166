import { expect, test } from 'vitest';
import { compileFiles, planOf, remarksOn } from './compile-text.ts';

const version = 'tosca_definitions_version: cloudify_dsl_1_3\n';

test('an import that cannot be read is told where it is written', async () => {
  const { diagnostics } = await compileFiles({ 'main.yaml': `${version}imports:\n  - lost.yaml\n` });
  expect(diagnostics).toMatchObject([{ code: 'import-not-found', line: 3, column: 5, peerCode: 13 }]);
});

test('the same import twice in a list is refused; a circle of imports is harmless', async () => {
  const twice = await compileFiles({
    'main.yaml': `${version}imports: [a.yaml, a.yaml]\n`,
    'a.yaml': 'inputs: {}',
  });
  expect(twice.diagnostics.map((one) => one.code)).toEqual(['duplicate-import']);
  const circle = await compileFiles({
    'main.yaml': `${version}imports: [a.yaml]\n`,
    'a.yaml': 'imports: [b.yaml]',
    'b.yaml': 'imports: [a.yaml, main.yaml]',
  });
  expect(circle.diagnostics).toEqual([]);
});

test('two files may not define the same name', async () => {
  const text = 'node_types: { t: {} }\nnode_templates: { n: { type: t } }\n';
  const remarks = await remarksOn(text, { files: { 'base.yaml': 'node_types: { t: {} }\n' } });
  expect(remarks).toEqual(['name-conflict base.yaml 1:15']);
});

test('before 1_3, inputs and the like stay in one file', async () => {
  const files = { 'base.yaml': 'inputs: { b: { default: 1 } }\n' };
  const text =
    'inputs: { a: { default: 1 } }\noutputs: { o: { value: [{ get_input: a }, { get_input: b }] } }\n';
  expect(await remarksOn(text, { files, version: 'cloudify_dsl_1_2' })).toEqual([
    'unmergeable-section base.yaml 1:1',
  ]);
  expect(await remarksOn(text, { files, version: 'cloudify_dsl_1_3' })).toEqual([]);
});

test('a file may add relationships to the node of another', async () => {
  const files = {
    'more.yaml': 'node_templates:\n  b: { type: cloudify.nodes.Root }\n  a: { type: cloudify.nodes.Root }\n',
  };
  const text = `
  - more.yaml
node_templates:
  a:
    relationships: [{ type: cloudify.relationships.depends_on, target: b }]
`;
  const { plan } = await compileFiles({
    'main.yaml': `${version}imports:\n  - types.yaml${text}`,
    'types.yaml':
      'node_types: { cloudify.nodes.Root: {} }\nrelationships: { cloudify.relationships.depends_on: {} }\n',
    ...files,
  });
  expect(plan?.nodes.a?.relationships.map((one) => one.target)).toEqual(['b']);
});

test('a namespace goes before every name and everything that refers to it', async () => {
  const part = `
plugins: { own: { executor: central_deployment_agent, install: false } }
inputs: { size: { default: 3 } }
node_types:
  box: { derived_from: cloudify.nodes.Root, properties: { size: { type: integer }, other: { default: '' } } }
node_templates:
  a: { type: box, properties: { size: { get_input: size } } }
  b:
    type: box
    properties: { size: { get_property: [a, size] }, other: { get_attribute: [a, id] } }
    interfaces: { i: { run: { implementation: run.sh }, call: { implementation: own.do } } }
    relationships: [{ type: cloudify.relationships.depends_on, target: a }]
outputs: { o: { value: { get_attribute: [b, id] } } }
`;
  const plan = await planOf('node_templates: {}\n', {
    files: {
      'base.yaml': 'imports: [x--part.yaml, types.yaml]\n',
      'part.yaml': part,
      'run.sh': '',
      'types.yaml': `plugins: { p: { executor: central_deployment_agent, install: false }, script: { executor: host_agent, install: false } }
node_types: { cloudify.nodes.Root: {} }
relationships: { cloudify.relationships.depends_on: {} }`,
    },
    inputs: { 'x--size': 7 },
  });
  expect(Object.keys(plan.nodes)).toEqual(['x--a', 'x--b']);
  expect(plan.nodes['x--b']).toMatchObject({
    type: 'x--box',
    typeHierarchy: ['cloudify.nodes.Root', 'x--box'],
    properties: { size: 7, other: { get_attribute: ['x--a', 'id'] } },
    operations: {
      'i.run': { implementation: 'scripts.run', inputs: { script_path: 'run.sh' } },
      'i.call': { implementation: 'own.do' },
    },
    relationships: [{ target: 'x--a' }],
  });
  expect(plan.outputs).toMatchObject({ 'x--o': { value: { get_attribute: ['x--b', 'id'] } } });
});

test('a namespace has no delimiter in it', async () => {
  const { diagnostics } = await compileFiles({ 'main.yaml': `${version}imports: [a--b--c.yaml]\n` });
  expect(diagnostics.map((one) => one.code)).toEqual(['invalid-namespace']);
});

test('what an imported file imports twice does no harm', async () => {
  const { diagnostics } = await compileFiles({
    'main.yaml': `${version}imports: [one.yaml]\n`,
    'one.yaml': 'imports: [two.yaml, two.yaml]\n',
    'two.yaml': 'inputs: {}\n',
  });
  expect(diagnostics).toEqual([]);
});

const plugin = (type: string) => `
plugins: { q: { executor: host_agent, install: false, properties: { a: { type: ${type} } } } }
`;
const giving = (value: string) =>
  `tosca_definitions_version: cloudify_dsl_1_5\nimports: [{ q.yaml: { a: ${value} } }]\n`;

test.each([
  ['string', 'x', []],
  ['integer', 'x', ['invalid-import-properties']],
  ['integer', '1.0', ['invalid-import-properties']],
  ['dict', 'x', ['invalid-import']],
  ['string', '{ x: 1 }', ['invalid-import-properties', 'invalid-import']],
])('a property of a plugin of the type %s, given %s', async (type, value, told) => {
  const { diagnostics } = await compileFiles({ 'main.yaml': giving(value), 'q.yaml': plugin(type) });
  expect(diagnostics.map((one) => one.code)).toEqual(told);
});

test('what an import gives for a property is not nothing', async () => {
  const { diagnostics } = await compileFiles({ 'main.yaml': giving(''), 'q.yaml': plugin('string') });
  expect(diagnostics.map((one) => one.code)).toContain('invalid-import');
});

test('an imported blueprint tells its version', async () => {
  const main = `${version}imports: [n--blueprint:one]\n`;
  const codes = async (blueprint: string) =>
    (await compileFiles({ 'main.yaml': main, 'blueprint:one': blueprint })).diagnostics.map(
      (one) => one.code,
    );
  expect(await codes(version)).toEqual([]);
  expect(await codes('inputs: {}\n')).toEqual(['missing-version']);
});

test('a namespace leads to the name of a blueprint', async () => {
  expect(await remarksOn('namespaces_mapping: { n: one }\n')).toEqual([]);
  expect(await remarksOn('namespaces_mapping: { n: {} }\n')).toEqual(['wrong-shape 1:26']);
});

test('an import names more than a namespace', async () => {
  const { diagnostics } = await compileFiles({ 'main.yaml': `${version}imports: [n--]\n` });
  expect(diagnostics.map((one) => one.code)).toEqual(['import-not-found']);
});

test('an imported blueprint imports nothing twice', async () => {
  const { diagnostics } = await compileFiles({
    'main.yaml': `${version}imports: [n--blueprint:one]\n`,
    'blueprint:one': `${version}imports: [a.yaml, a.yaml]\n`,
    'a.yaml': 'inputs: {}\n',
  });
  expect(diagnostics.map((one) => one.code)).toEqual(['duplicate-import']);
});

test('policies of groups have names in a namespace, too', async () => {
  const part = `
policy_types: { t: { source: x } }
policy_triggers: { r: { source: x } }
node_types: { y: {} }
node_templates: { n: { type: y } }
groups: { g: { members: [n], policies: { p: { type: t, triggers: { s: { type: r } } } } } }
`;
  const { model } = await compileFiles({ 'main.yaml': `${version}imports: [a--p.yaml]\n`, 'p.yaml': part });
  const [group] = model?.blueprint.groups.values() ?? [];
  expect(group?.policies.map(({ name, triggers }) => [name, triggers.map((one) => one.name)])).toEqual([
    ['a--p', ['a--s']],
  ]);
});
