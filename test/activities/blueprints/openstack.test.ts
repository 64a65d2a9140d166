import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { blueprintFiles, readCatalogue } from '../../../src/activities/blueprints/catalogue.ts';
import { compile, type Compiled } from '../../../src/language/index.ts';

const plugin = z
  .object({
    node_types: z.record(z.string(), z.unknown()),
    relationships: z.record(z.string(), z.unknown()),
  })
  .parse(parse(await readCatalogue('plugin:cloudify-openstack-plugin'), { merge: true }));

function compiled(nodeTemplates: object): Promise<Compiled> {
  const blueprint = {
    tosca_definitions_version: 'cloudify_dsl_1_3',
    imports: ['cloudify/types/types.yaml', 'plugin:cloudify-openstack-plugin'],
    node_templates: nodeTemplates,
  };
  const { load, exists } = blueprintFiles('/nowhere');
  return compile({
    main: 'main.yaml',
    load: async (location, from) =>
      location === 'main.yaml' ? { file: location, text: JSON.stringify(blueprint) } : load(location, from),
    exists,
    inputs: {},
  });
}

const told = ({ diagnostics }: Compiled) => diagnostics.map(({ code, message }) => [code, message]);

/** What is required of some types. */
const required: Readonly<Record<string, object>> = {
  'cloudify.openstack.nodes.KeyPair': { private_key_path: 'key.pem' },
  'cloudify.openstack.nova_net.nodes.SecurityGroup': { description: 'all' },
  'cloudify.nodes.openstack.Zone': { resource_config: { email: 'a@example.com' } },
  'cloudify.nodes.openstack.RecordSet': { resource_config: { zone_id: 'z' } },
  'cloudify.nodes.openstack.SharedFileSystem': { resource_config: { size: 1, share_proto: 'NFS' } },
};

/** A node of each type, by its type. */
const nodes = (more: object): object =>
  Object.fromEntries(
    Object.keys(plugin.node_types).map((type) => [
      type,
      { type, properties: { ...required[type], ...more } },
    ]),
  );

test('a node of every type plans, and takes nothing else', async () => {
  const { plan, diagnostics } = await compiled(nodes({}));
  expect(diagnostics).toEqual([]);
  expect(Object.keys(plan?.nodes ?? {})).toHaveLength(Object.keys(plugin.node_types).length);
  const more = await compiled(nodes({ nothing: 1 }));
  expect(more.diagnostics.map(({ code }) => code)).toEqual(
    Object.keys(plugin.node_types).map(() => 'unknown-property'),
  );
});

test('a relationship of every type plans', async () => {
  const types = Object.keys(plugin.relationships);
  const subnet = {
    type: 'cloudify.nodes.openstack.Subnet',
    properties: { resource_config: { cidr: '10.0.0.0/24' } },
  };
  const sources = types.map((type) => [
    type,
    { type: 'cloudify.nodes.openstack.Server', relationships: [{ type, target: 'subnet' }] },
  ]);
  expect(told(await compiled({ subnet, ...Object.fromEntries(sources) }))).toEqual([]);
});

test('what the API is to be given is checked, but for what is passed on', async () => {
  const server = (config: object) =>
    compiled({ one: { type: 'cloudify.nodes.openstack.Server', properties: { resource_config: config } } });
  expect(told(await server({ name: 'a', image_id: 'b', kwargs: { anything: 1 } }))).toEqual([]);
  expect((await server({ imageid: 'b' })).diagnostics).toMatchObject([{ code: 'unknown-property' }]);
  const volume = {
    type: 'cloudify.nodes.openstack.Volume',
    properties: { resource_config: { size: 'big' } },
  };
  expect((await compiled({ volume })).diagnostics).toMatchObject([{ code: 'wrong-type' }]);
});
