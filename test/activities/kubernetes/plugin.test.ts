import { expect, it } from 'vitest';
import { readCatalogue, catalogueName } from '../../../src/activities/blueprints/catalogue.ts';
import { operations } from '../../../src/activities/kubernetes/index.ts';
import { compile, type LoadResult } from '../../../src/language/index.ts';

const blueprint = `
tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml, 'plugin:cloudify-kubernetes-plugin']
node_templates:
  cluster:
    type: cloudify.kubernetes.Master
    properties: {url: 'https://10.0.0.1:6443', kubeconfig: theirs}
  router:
    type: cloudify.kubernetes.Microservice
    properties:
      name: router
      ssh_username: debian
      ssh_keyfilename: key
      port: 2601
      config_files: [{file: router.yaml, overrides: ["['spec']['replicas']=3"]}]
      env: {ROUTES: '10.0.0.0/8 eth1'}
    relationships:
      - {type: cloudify.kubernetes.relationships.connected_to_master, target: cluster}
  hop:
    type: braid.nodes.kubernetes.Router
    properties: {name: hop, image: router}
  deployment:
    type: cloudify.nodes.kubernetes.resources.Deployment
    properties: {definition: {metadata: {name: web}}}
  file:
    type: cloudify.kubernetes.resources.FileDefinedResource
    properties: {file: {resource_path: web.yaml}}
`;

async function load(location: string): Promise<LoadResult> {
  const name = catalogueName(location);
  if (name === null) return { file: 'blueprint.yaml', text: blueprint };
  return { file: name, text: await readCatalogue(name), catalogue: true };
}

async function plan() {
  const compiled = await compile({
    main: 'blueprint.yaml',
    load,
    exists: async () => await Promise.resolve(false),
    inputs: {},
  });
  expect(compiled.diagnostics).toEqual([]);
  return compiled.plan;
}

it('offers types whose operations all exist', async () => {
  const nodes = Object.values((await plan())?.nodes ?? {});
  const implementations = nodes.flatMap((node) => [
    ...Object.values(node.operations),
    ...node.relationships.flatMap((relationship) => Object.values(relationship.sourceOperations)),
  ]);
  const used = new Set(implementations.map((operation) => operation.implementation));
  expect([...used].sort()).toEqual(Object.keys(operations).sort());
});

it('lets a microservice inherit what its type says', async () => {
  const router = (await plan())?.nodes.router;
  expect(router?.properties).toMatchObject({ target_port: 2601, replicas: 1, protocol: 'TCP' });
  expect(router?.operations['cloudify.interfaces.lifecycle.start']).toMatchObject({
    implementation: 'kubernetes.microservice.apply',
    inputs: { within: 180 },
  });
});
