import { rootCertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { read, select } from '../../../src/activities/kubernetes/cluster/api.ts';
import { call, type Cluster, closeClusters } from '../../../src/activities/kubernetes/cluster/cluster.ts';
import { operations } from '../../../src/activities/kubernetes/index.ts';
import { type KubeObject, text } from '../../../src/activities/kubernetes/objects.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView, OperationContext, OperationResult } from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { type ControlPlane, startControlPlane } from '../../support/control-plane.ts';
import { actAsKubelet, type Fate, running } from '../../support/kubelet.ts';
import { openCluster, contextOf, type Files, microservice, toolsWith } from '../../support/kubernetes.ts';

const files: Files = {
  'router.yaml': `
apiVersion: v1
kind: ReplicationController
metadata: {name: router}
spec:
  replicas: 1
  selector: {app: router}
  template:
    metadata: {labels: {app: router}}
    spec:
      hostNetwork: true
      containers:
        - {name: router, image: braid/router, securityContext: {privileged: true}, ports: [{containerPort: 2601}]}
---
apiVersion: v1
kind: Service
metadata: {name: router}
spec: {selector: {app: router}, ports: [{port: 2601}]}
`,
};
const never = new AbortController().signal;
let plane: ControlPlane;
let cluster: Cluster;
let kubelet: { stop(): Promise<void> };
let fate: Fate;

beforeAll(async () => {
  plane = await startControlPlane();
  cluster = await openCluster(plane.kubeconfig);
  kubelet = actAsKubelet(plane.kubeconfig, (pod) => fate(pod));
});
beforeEach(() => {
  fate = () => running;
});
afterEach(async () => {
  await run('delete', router());
});
afterAll(async () => {
  await kubelet.stop();
  closeClusters();
  await plane.stop();
});

function router(properties: JsonObject = {}, runtimeProperties: JsonObject = {}): InstanceView {
  return microservice({
    properties: { name: 'router', config_files: [{ file: 'router.yaml' }], ...properties },
    runtimeProperties: { kubernetes: { kubeconfig: plane.kubeconfig }, ...runtimeProperties },
  });
}

async function run(
  verb: string,
  self: InstanceView,
  change: Partial<OperationContext> = {},
): Promise<OperationResult> {
  const name = verb.includes('.') ? `kubernetes.${verb}` : `kubernetes.microservice.${verb}`;
  const operation = operations[name];
  if (operation === undefined) throw new Error(name);
  return await operation(contextOf(self, { inputs: { within: 20 }, ...change }), toolsWith(files));
}

async function live(kind: string, name: string, apiVersion = 'v1'): Promise<KubeObject | undefined> {
  return await read(cluster, { apiVersion, kind, namespace: 'default', name }, never);
}

async function pods(): Promise<readonly KubeObject[]> {
  return await select(cluster, { apiVersion: 'v1', kind: 'Pod', namespace: 'default' }, never);
}

async function patch(path: string, content: JsonObject): Promise<void> {
  const body = { type: 'application/merge-patch+json', text: JSON.stringify(content) };
  await call(cluster, { method: 'PATCH', path, body, what: 'change' }, never);
}

async function checkWith(kubeconfig: string): Promise<OperationResult> {
  return await run('check', router({}, { kubernetes: { kubeconfig } }));
}

const controllerPath = '/api/v1/namespaces/default/replicationcontrollers/router';

describe('apply', () => {
  it('makes the objects of the manifests, waits until they are ready, and tells what it read', async () => {
    const self = router({
      config_files: [{ file: 'router.yaml', overrides: ["['spec']['replicas']=2"] }],
      env: { ROUTES: '10.100.102.0/24 eth1' },
    });
    const { runtimeProperties } = await run('apply', self);
    expect(runtimeProperties).toMatchObject({
      kinds: ['ReplicationController:default/router', 'Service:default/router'],
      pods: [{ ip: '10.1.2.3' }, { ip: '10.1.2.3' }],
      services: [{ name: 'router', ports: [{ port: 2601 }] }],
    });
    const controller = await live('ReplicationController', 'router');
    expect(controller).toMatchObject({
      metadata: { labels: { 'io.braid.deployment': 'chain', 'io.braid.instance': 'router_x7k2pd' } },
      spec: {
        template: { spec: { containers: [{ env: [{ name: 'ROUTES', value: '10.100.102.0/24 eth1' }] }] } },
      },
    });
  });

  it('lets a changed environment reach the running pods, one at a time', async () => {
    const overrides = ["['spec']['replicas']=2"];
    const config_files = [{ file: 'router.yaml', overrides }];
    await run('apply', router({ config_files, env: { ROUTES: 'old' } }));
    const old = (await pods()).map((pod) => pod.metadata.name);
    await run('apply', router({ config_files, env: { ROUTES: 'new' } }));
    const now = await pods();
    expect(now).toHaveLength(2);
    for (const pod of now) {
      expect(old).not.toContain(pod.metadata.name);
      expect(pod).toMatchObject({ spec: { containers: [{ env: [{ name: 'ROUTES', value: 'new' }] }] } });
    }
  });

  it('removes what the manifests no longer have', async () => {
    const runtimeProperties = asWritten((await run('apply', router())).runtimeProperties ?? {});
    const image = { config_files: [], image: 'braid/router' };
    await run('apply', router(image, runtimeProperties));
    expect(await live('Service', 'router')).toBeUndefined();
  });

  it('tells what a cluster says against a manifest', async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, dta: { a: 'b' } };
    await expect(run('apply', router({ config }))).rejects.toMatchObject({
      type: 'ResourceRejected',
      nonRetryable: true,
      message: expect.stringContaining('dta'),
    });
    const unknown = { apiVersion: 'acme.example/v1', kind: 'Widget', metadata: { name: 'x' } };
    await expect(run('apply', router({ config: unknown }))).rejects.toThrow('knows no kind Widget');
  });
});

describe('a pod that does not start', () => {
  it('is told with its state and events, at once when it is hopeless', async () => {
    const waiting = { reason: 'ErrImageNeverPull', message: 'image is not present' };
    fate = () => ({
      containerStatuses: [
        { name: 'router', image: '', imageID: '', ready: false, restartCount: 0, state: { waiting } },
      ],
    });
    await expect(run('apply', router())).rejects.toMatchObject({
      type: 'NotReady',
      nonRetryable: true,
      message: expect.stringMatching(
        /0 of 1 pods are ready\. .*Pod router-.*ErrImageNeverPull.*image is not present/su,
      ),
    });
  });

  it('is waited for no longer than told', async () => {
    fate = () => undefined;
    await expect(run('apply', router(), { inputs: { within: 1 } })).rejects.toMatchObject({
      type: 'NotReady',
      nonRetryable: false,
      message: expect.stringContaining('after 1 seconds'),
    });
  });

  it('that may not be made is explained by the controller’s events', async () => {
    const overrides = ["['spec']['template']['spec']['serviceAccountName']='nobody'"];
    const self = router({ config_files: [{ file: 'router.yaml', overrides }] });
    await expect(run('apply', self, { inputs: { within: 3 } })).rejects.toThrow(
      /Events of ReplicationController.*FailedCreate.*nobody/su,
    );
  });
});

describe('delete', () => {
  it('waits until the pods are gone too', async () => {
    const runtimeProperties = asWritten((await run('apply', router())).runtimeProperties ?? {});
    const self = router({}, runtimeProperties);
    expect(await run('delete', self)).toMatchObject({ runtimeProperties: { kinds: null, pods: null } });
    expect(await pods()).toEqual([]);
    expect(await live('ReplicationController', 'router')).toBeUndefined();
  });

  it('removes what was recorded even when the manifests cannot be read any more', async () => {
    const runtimeProperties = asWritten((await run('apply', router())).runtimeProperties ?? {});
    await run(
      'delete',
      router({ config_files: [{ file: 'router.yaml', overrides: ['nonsense'] }] }, runtimeProperties),
    );
    expect(await live('Service', 'router')).toBeUndefined();
  });
});

describe('check', () => {
  it('tells a lost label', async () => {
    await run('apply', router());
    await patch(controllerPath, { metadata: { labels: { 'io.braid.instance': null } } });
    expect(await run('check', router())).toMatchObject({
      result: { healthy: false, reason: expect.stringContaining('is not of this instance') },
    });
    await run('apply', router(), { adopt: true });
    expect(await run('check', router())).toMatchObject({ result: { healthy: true } });
  });

  it('tells what is missing, and what runs from an older template', async () => {
    expect(await run('check', router())).toMatchObject({
      result: { healthy: false, reason: expect.stringContaining('Service:default/router is missing') },
    });
    await run('apply', router());
    expect(await run('check', router({ env: { ROUTES: 'changed' } }))).toMatchObject({
      result: { healthy: false, reason: expect.stringContaining('was changed at') },
    });
  });

  it('tells a cluster that lets nobody in, or that is not the one expected', async () => {
    const stranger = await checkWith(plane.kubeconfigWith({ token: plane.strangerToken }));
    expect(stranger.result).toMatchObject({ healthy: false, facts: { error: 'Unauthorized' } });
    const wrong = await checkWith(plane.kubeconfigWith({ token: 'wrong' }));
    expect(wrong.result).toMatchObject({ healthy: false, facts: { error: 'Unauthorized' } });
    const other = await checkWith(plane.kubeconfig.replace(plane.url, 'https://127.0.0.1:1'));
    expect(other.result).toMatchObject({ healthy: false, facts: { error: 'Unreachable' } });
    const impostor = await checkWith(plane.kubeconfigWith({ authority: rootCertificates[0] ?? '' }));
    expect(impostor.result).toMatchObject({ healthy: false, reason: expect.stringContaining('certificate') });
  });
});

describe('a hop', () => {
  it('is withdrawn and restored', async () => {
    await run('apply', router());
    const { runtimeProperties } = await run('router.withdraw', router());
    expect(runtimeProperties).toMatchObject({ pods: [], kinds: expect.any(Array) });
    expect(await pods()).toEqual([]);
    await expect(run('router.observe', router())).rejects.toThrow('carries no traffic');
    await run('router.restore', router());
    expect(await pods()).toHaveLength(1);
    expect(text(await live('ReplicationController', 'router'), 'metadata', 'name')).toBe('router');
  });
});
