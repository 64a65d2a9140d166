import { afterAll, beforeAll, expect, it } from 'vitest';
import { apply, read, remove } from '../../../src/activities/kubernetes/cluster/api.ts';
import { type Cluster, closeClusters } from '../../../src/activities/kubernetes/cluster/cluster.ts';
import { operations } from '../../../src/activities/kubernetes/index.ts';
import type { KubeObject } from '../../../src/activities/kubernetes/objects.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView, OperationResult } from '../../../src/contracts/operation.ts';
import { type ControlPlane, startControlPlane } from '../../support/control-plane.ts';
import { actAsKubelet, running } from '../../support/kubelet.ts';
import { openCluster, contextOf, type Files, microservice, toolsWith } from '../../support/kubernetes.ts';

const files: Files = {
  'namespaced.yaml': `
apiVersion: v1
kind: Namespace
metadata: {name: "{{ space }}"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: "{{ space }}"}
data: {greeting: "{{ words.hello }}"}
`,
  'custom.yaml': `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.acme.example}
spec:
  group: acme.example
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
---
apiVersion: acme.example/v1
kind: Widget
metadata: {name: one}
spec: {size: 3}
`,
};
const never = new AbortController().signal;
let plane: ControlPlane;
let cluster: Cluster;
let kubelet: { stop(): Promise<void> };

beforeAll(async () => {
  plane = await startControlPlane();
  cluster = await openCluster(plane.kubeconfig);
  kubelet = actAsKubelet(plane.kubeconfig, () => running);
});
afterAll(async () => {
  await kubelet.stop();
  closeClusters();
  await plane.stop();
});

function resource(kind: string, properties: JsonObject): InstanceView {
  return microservice({
    id: 'thing_1',
    node: 'thing',
    typeHierarchy: ['cloudify.nodes.Root', `cloudify.kubernetes.resources.${kind}`],
    properties: { client_config: { configuration: { file_content: plane.kubeconfig } }, ...properties },
  });
}

async function run(verb: string, self: InstanceView): Promise<OperationResult> {
  const operation = operations[`kubernetes.resource.${verb}`];
  if (operation === undefined) throw new Error(verb);
  return await operation(contextOf(self, { inputs: { within: 30 } }), toolsWith(files));
}

async function live(
  apiVersion: string,
  kind: string,
  namespace: string | null,
  name: string,
): Promise<KubeObject | undefined> {
  return await read(cluster, { apiVersion, kind, namespace, name }, never);
}

it('a definition takes its kind from the type; a Deployment is waited for', async () => {
  const labels = { app: 'web' };
  const self = resource('Deployment', {
    definition: {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'a' }] } },
      },
    },
  });
  expect(await run('apply', self)).toMatchObject({
    runtimeProperties: { kinds: ['Deployment:default/web'], pods: [{}, {}] },
  });
  expect(await run('check', self)).toMatchObject({ result: { healthy: true } });
  await run('delete', self);
  expect(await live('apps/v1', 'Deployment', 'default', 'web')).toBeUndefined();
});

it('files with variables, a namespace before what is in it', async () => {
  const file = {
    resource_path: 'namespaced.yaml',
    template_variables: { space: 'blue', words: { hello: 'hi' } },
  };
  const self = resource('FileDefinedResource', { file });
  await run('apply', self);
  expect(await live('v1', 'ConfigMap', 'blue', 'settings')).toMatchObject({ data: { greeting: 'hi' } });
  await run('delete', self);
  expect(await live('v1', 'Namespace', null, 'blue')).toBeUndefined();
});

it('a definition of a kind and an object of that kind', async () => {
  const self = resource('MultipleFileDefinedResources', { files: [{ resource_path: 'custom.yaml' }] });
  await run('apply', self);
  expect(await run('check', self)).toMatchObject({ result: { healthy: true } });
  await run('delete', self);
  await run('delete', self);
});

function pod(container: JsonObject): InstanceView {
  const containers = [{ name: 'main', image: 'a', ...container }];
  return resource('Pod', { definition: { metadata: { name: 'one' }, spec: { containers } } });
}

async function uid(): Promise<unknown> {
  return (await live('v1', 'Pod', 'default', 'one'))?.metadata.uid;
}

it('a Pod whose image changed stays, one whose command changed is made anew', async () => {
  await run('apply', pod({}));
  const first = await uid();
  await run('apply', pod({ image: 'b' }));
  expect(await uid()).toBe(first);
  await run('apply', pod({ command: ['sleep'] }));
  expect(await uid()).not.toBe(first);
  await run('delete', pod({}));
});

it('an external object must be there, and is neither changed nor removed', async () => {
  const self = resource('ConfigMap', {
    use_external_resource: true,
    definition: { metadata: { name: 'theirs' }, data: { a: 'mine' } },
  });
  await expect(run('apply', self)).rejects.toMatchObject({ type: 'NotReady' });
  const theirs = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'theirs', namespace: 'default' },
    data: { a: 'theirs' },
  };
  const made = await apply(cluster, theirs, never);
  await run('apply', self);
  expect(await run('check', self)).toMatchObject({ result: { healthy: true } });
  expect(await run('heal', self)).toMatchObject({ result: { repaired: false } });
  await run('delete', self);
  expect(await live('v1', 'ConfigMap', 'default', 'theirs')).toEqual(made);
  await remove(cluster, made, never);
});
