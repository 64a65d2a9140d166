import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  blueprintFiles,
  catalogueName,
  readCatalogue,
} from '../../../src/activities/blueprints/catalogue.ts';
import { compile } from '../../../src/language/index.ts';

let top = '';
let folder = '';

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'braid-catalogue-'));
  folder = join(top, 'blueprint');
  await mkdir(join(folder, 'parts', 'scripts'), { recursive: true });
  await writeFile(join(top, 'secret.yaml'), 'inputs: {}\n');
  await writeFile(join(folder, 'parts', 'a.yaml'), 'inputs: {}\n');
  await writeFile(join(folder, 'parts', 'b.yaml'), 'inputs: {}\n');
  await writeFile(join(folder, 'parts', 'scripts', 'run.sh'), '#!/bin/sh\n');
  await symlink(join(top, 'secret.yaml'), join(folder, 'out.yaml'));
  await symlink('parts/a.yaml', join(folder, 'in.yaml'));
  await symlink(top, join(folder, 'up'));
});

afterAll(() => rm(top, { recursive: true }));

test('a file of the folder is found, from the file that imports it or from the folder', async () => {
  const { load } = blueprintFiles(folder);
  expect(await load('parts/a.yaml', null)).toEqual({ file: 'parts/a.yaml', text: 'inputs: {}\n' });
  expect(await load('b.yaml', 'parts/a.yaml')).toMatchObject({ file: 'parts/b.yaml' });
  expect(await load('parts/b.yaml', 'parts/a.yaml')).toMatchObject({ file: 'parts/b.yaml' });
  expect(await load('./in.yaml', null)).toMatchObject({ file: 'in.yaml' });
});

test.each(['../secret.yaml', '/etc/passwd', 'out.yaml', 'up/secret.yaml', 'parts/../../secret.yaml', 'a\0b'])(
  '%j leads out of the folder and is refused',
  async (path) => {
    const { load, exists } = blueprintFiles(folder);
    expect(await load(path, null)).toEqual({
      reason: expect.stringContaining('out of the blueprint’s folder'),
    });
    expect(await exists(path)).toBe(false);
  },
);

test('what is missing, a folder, a plugin or an address that is not known is explained', async () => {
  const { load, exists } = blueprintFiles(folder);
  expect(await load('lost.yaml', null)).toEqual({ reason: expect.stringContaining('no such file') });
  expect(await load('parts', null)).toEqual({ reason: 'it is not a file.' });
  expect(await load('plugin:nothing', null)).toEqual({
    reason: expect.stringContaining('plugin:braid-machines'),
  });
  expect(await load('https://example.com/x.yaml', null)).toEqual({
    reason: expect.stringContaining('network'),
  });
  expect(await load('blueprint:b', null)).toEqual({ reason: expect.stringContaining('blueprint') });
  expect(await exists('parts/scripts/run.sh')).toBe(true);
  expect(await exists('parts/scripts')).toBe(false);
});

test('names of the catalogue come with versions and as addresses', () => {
  expect(catalogueName('plugin:cloudify-kubernetes-plugin?version=2.1')).toBe(
    'plugin:cloudify-kubernetes-plugin',
  );
  expect(catalogueName('http://www.getcloudify.org/spec/cloudify/6.3/types.yaml')).toBe(
    'cloudify/types/types.yaml',
  );
  expect(
    catalogueName(
      'https://raw.githubusercontent.com/cloudify-cosmo/cloudify-openstack-plugin/3.2.1/compat.yaml',
    ),
  ).toBe('plugin:cloudify-openstack-plugin');
  expect(catalogueName('toString')).toBeNull();
});

test('the base types are right by themselves', async () => {
  await writeFile(
    join(folder, 'main.yaml'),
    `tosca_definitions_version: cloudify_dsl_1_5
imports: [cloudify/types/types.yaml]
node_templates:
  vm: { type: cloudify.nodes.Compute }
  web:
    type: cloudify.nodes.WebServer
    interfaces: { cloudify.interfaces.lifecycle: { start: parts/scripts/run.sh } }
    relationships: [{ type: cloudify.relationships.contained_in, target: vm }]
`,
  );
  const { plan, diagnostics } = await compile({ main: 'main.yaml', ...blueprintFiles(folder), inputs: {} });
  expect(diagnostics).toEqual([]);
  expect(plan?.nodes.web).toMatchObject({
    typeHierarchy: ['cloudify.nodes.Root', 'cloudify.nodes.SoftwareComponent', 'cloudify.nodes.WebServer'],
    properties: { port: 80 },
    operations: { 'cloudify.interfaces.lifecycle.start': { implementation: 'scripts.run' } },
  });
  expect(await readCatalogue('cloudify/types/types.yaml')).toContain('cloudify.nodes.Root');
});

test('plugins of one’s own are files of a folder, which a blueprint imports by name', async () => {
  const plugins = join(top, 'plugins');
  await mkdir(join(plugins, 'own'), { recursive: true });
  await writeFile(join(plugins, 'own', 'plugin.yaml'), 'node_types: { own.Type: {} }\n');
  await writeFile(join(plugins, 'single.yaml'), 'node_types: {}\n');
  const { load } = blueprintFiles(folder, plugins);
  expect(await load('plugin:own?version=1', null)).toEqual({
    file: 'plugin:own',
    text: 'node_types: { own.Type: {} }\n',
  });
  expect(await load('plugin:single', null)).toMatchObject({ file: 'plugin:single' });
  expect(await load('plugin:../secret', null)).toEqual({
    reason: expect.stringContaining(`none in the folder of BRAID_PLUGINS`),
  });
});

test.each([
  ['docker', 'cloudify.docker.Container'],
  ['utilities', 'cloudify.nodes.CloudInit.CloudConfig'],
  ['openstack', 'cloudify.openstack.nodes.Server'],
  ['openstack', 'cloudify.openstack.nodes.Routes'],
  ['openstack', 'cloudify.nodes.openstack.Server'],
  ['openstack', 'cloudify.nodes.openstack.Flavor'],
])(
  'a blueprint with types of Cloudify’s plugin for %s parses and plans, and its types are closed',
  async (name, type) => {
    const blueprint = (property: string): string => `tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml, 'plugin:cloudify-${name}-plugin']
node_templates:
  host: { type: cloudify.nodes.Compute }
  one:
    type: ${type}
    properties: { ${property} }
    relationships: [{ type: cloudify.relationships.contained_in, target: host }]
`;
    const compiled = async (property: string) => {
      const { load, exists } = blueprintFiles(folder);
      const text = blueprint(property);
      return compile({
        main: 'main.yaml',
        load: async (location, from) =>
          location === 'main.yaml' ? { file: location, text } : load(location, from),
        exists,
        inputs: {},
      });
    };
    const { plan, diagnostics } = await compiled('');
    expect(diagnostics).toEqual([]);
    expect(Object.keys(plan?.nodes['one']?.operations ?? {})).toContain(
      'cloudify.interfaces.lifecycle.create',
    );
    expect((await compiled('nothing: 1')).diagnostics).toMatchObject([{ code: 'unknown-property' }]);
  },
);
