import { expect, test } from 'vitest';
import { readSources } from '../../../../src/activities/kubernetes/manifests/sources.ts';
import { blueprintOf, instanceView, nodeContext } from '../../../support/operation.ts';

/** As the plugin file has it, the base first. */
const hierarchy = [
  'cloudify.nodes.Root',
  'cloudify.kubernetes.resources.ResourceBase',
  'cloudify.kubernetes.resources.BlueprintDefinedResource',
  'cloudify.kubernetes.resources.Deployment',
];

test.each([
  ['says the kind', hierarchy],
  ['says it under its first name', [...hierarchy, 'cloudify.nodes.kubernetes.resources.Deployment']],
  ['says it to what derives from it', [...hierarchy, 'acme.nodes.Shop']],
])('the type of a resource %s', async (_what, typeHierarchy) => {
  const definition = { metadata: { name: 'web' } };
  const self = instanceView({ typeHierarchy, properties: { definition } });
  expect(await readSources(nodeContext(self), self, blueprintOf({}))).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
  ]);
});

test('a definition that says its kind itself has the last word', async () => {
  const definition = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } };
  const self = instanceView({ typeHierarchy: hierarchy, properties: { definition } });
  expect(await readSources(nodeContext(self), self, blueprintOf({}))).toEqual([definition]);
});
