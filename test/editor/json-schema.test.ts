import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blueprintSchema } from '../../src/cli/commands/schema.ts';
import { braid, root } from '../support/processes.ts';

let validate: ValidateFunction;
beforeAll(async () => {
  validate = new Ajv({ strict: false, allErrors: true }).compile(await blueprintSchema());
});

const shipped = readdirSync(join(root, 'blueprints'), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.yaml') && !/inputs|manifests/.test(name),
);
const catalogue = readdirSync(join(root, 'src/activities'), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.yaml'),
);

function errorsIn(text: string): readonly string[] {
  const ok = validate(parse(text, { version: '1.1', merge: true }));
  return ok ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the JSON Schema', () => {
  it.each(shipped)('takes %s', (name) => {
    expect(errorsIn(readFileSync(join(root, 'blueprints', name), 'utf8'))).toEqual([]);
  });

  it.each(catalogue)('takes %s', (name) => {
    expect(errorsIn(readFileSync(join(root, 'src/activities', name), 'utf8'))).toEqual([]);
  });

  it.each([
    ['a section', 'node_template: {}', ' must NOT have additional properties'],
    [
      'a version',
      'tosca_definitions_version: cloudify_dsl_2_0',
      /must be equal to one of the allowed values/,
    ],
    [
      'a key of a node',
      'node_templates: { a: { type: x, propertis: {} } }',
      '/node_templates/a must NOT have',
    ],
    ['a list', 'node_templates: { a: { type: x, relationships: {} } }', '/relationships must be array'],
    [
      'a missing target',
      'node_templates: { a: { type: x, relationships: [{ type: y }] } }',
      "property 'target'",
    ],
    [
      'a property of a type that ships',
      'node_templates: { a: { type: braid.nodes.Network, properties: { subnett: x } } }',
      '/properties must NOT have additional properties',
    ],
    [
      'the type of such a property',
      'node_templates: { a: { type: braid.nodes.Network, properties: { use_external_resource: sometimes } } }',
      '/use_external_resource must be boolean',
    ],
    ['the required of an input', 'inputs: { a: { required: maybe } }', '/inputs/a/required must be boolean'],
    ['a value that is missing', 'outputs: { a: {} }', "required property 'value'"],
  ])('refuses what is wrong with %s', (_what, text, error) => {
    const errors = errorsIn(text).join('\n');
    expect(errors).toMatch(typeof error === 'string' ? new RegExp(error.replaceAll('/', '\\/')) : error);
  });

  it('takes functions, own types, and no value at all', () => {
    const text = `
node_types: { my.Type: }
inputs:
node_templates:
  a: { type: my.Type, properties: { anything: 1 } }
  b: { type: braid.nodes.Network, properties: { use_external_resource: { get_input: x } } }
`;
    expect(errorsIn(text)).toEqual([]);
  });

  it('is what `braid schema` prints', async () => {
    const { status, stdout } = await braid(['schema'], {});
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(await blueprintSchema())));
  });
});
