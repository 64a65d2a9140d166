import { expect, test } from 'vitest';
import { compileFiles, remarksOn } from './compile-text.ts';

const codes = async (text: string) =>
  (await compileFiles({ 'main.yaml': text })).diagnostics.map((one) => one.code);

test('a blueprint must tell its version', async () => {
  expect(await codes('node_templates: {}')).toEqual(['missing-version']);
  expect(await codes('tosca_definitions_version: cloudify_dsl_1_9')).toEqual(['unknown-version']);
  expect(await codes('tosca_definitions_version: [a]')).toEqual(['wrong-shape']);
});

test.each(['0', '1', '2', '3', '4', '5'])('version 1_%s is known', async (minor) => {
  expect(await codes(`tosca_definitions_version: cloudify_dsl_1_${minor}`)).toEqual([]);
});

test('what a version does not have yet is told', async () => {
  const text = 'outputs: { o: { value: { concat: [a, b] } } }\n';
  expect(await remarksOn(text, { version: 'cloudify_dsl_1_0' })).toEqual(['function-too-new 1:24']);
  expect(await remarksOn(text, { version: 'cloudify_dsl_1_1' })).toEqual([]);
  expect(await remarksOn('data_types: {}\n', { version: 'cloudify_dsl_1_1' })).toEqual([
    'version-too-old 1:1',
  ]);
});

const importing = (minor: number) =>
  `tosca_definitions_version: cloudify_dsl_1_${minor}\nimports: [new.yaml]\n`;

test('an import may not be newer than the blueprint', async () => {
  const files = { 'new.yaml': 'tosca_definitions_version: cloudify_dsl_1_4\n' };
  expect((await compileFiles({ 'main.yaml': importing(3), ...files })).diagnostics).toMatchObject([
    { code: 'newer-import', file: 'new.yaml' },
  ]);
  expect((await compileFiles({ 'main.yaml': importing(4), ...files })).diagnostics).toEqual([]);
});

test.each([
  ['description: all', 2],
  ['dsl_definitions: { a: 1 }', 2],
  ['node_types: { t: { properties: { p: { required: true } } } }', 2],
  ['policies: {}', 3],
])('`%s` needs version 1_%i', async (text, minor) => {
  const codesIn = async (version: number) =>
    (await remarksOn(text, { version: `cloudify_dsl_1_${version}` })).map((one) => one.split(' ')[0]);
  expect(await codesIn(minor - 1)).toEqual(['version-too-old']);
  expect(await codesIn(minor)).toEqual([]);
});

test('a key without a value is of every version', async () => {
  const text = 'data_types:\npolicies:\nnode_types: { t: { properties: { p: { required: } } } }\n';
  expect(await remarksOn(text, { version: 'cloudify_dsl_1_0' })).toEqual([]);
});

test('arguments are told whatever the version', async () => {
  const text = 'outputs: { o: { value: { concat: a } } }\n';
  expect(await remarksOn(text, { version: 'cloudify_dsl_1_0' })).toEqual([
    'function-too-new 1:24',
    'invalid-arguments 1:34',
  ]);
});
