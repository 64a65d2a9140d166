import { apply, read, select } from '../../../src/activities/kubernetes/cluster/api.ts';
import { call } from '../../../src/activities/kubernetes/cluster/cluster.ts';
import { type KubeObject, text } from '../../../src/activities/kubernetes/objects.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { microservice } from '../../support/kubernetes.ts';
import type { Drift, Fault, Kind, Step } from '../kind.ts';
import { kubeconfigSecret } from '../kubernetes.ts';
import type { ConformanceLab } from '../lab.ts';

const start: Step = {
  operation: 'cloudify.interfaces.lifecycle.start',
  implementation: 'kubernetes.microservice.apply',
  inputs: { within: 60 },
};
const never = new AbortController().signal;
const controller = '/api/v1/namespaces/default/replicationcontrollers/web';
const service = '/api/v1/namespaces/default/services/web';

/** Objects of a Kubernetes cluster: a ReplicationController with its pods, and a Service. */
export function manifestKind(lab: () => ConformanceLab): Kind {
  const live = async (kind: string): Promise<KubeObject | undefined> =>
    read(
      await lab().kubernetes.cluster(),
      { apiVersion: 'v1', kind, namespace: 'default', name: 'web' },
      never,
    );
  const pods = async (): Promise<readonly KubeObject[]> =>
    select(await lab().kubernetes.cluster(), { apiVersion: 'v1', kind: 'Pod', namespace: 'default' }, never);
  const send = async (method: 'PATCH' | 'DELETE', path: string, content: JsonObject): Promise<void> => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const body = { type, text: JSON.stringify(content) };
    await call(await lab().kubernetes.cluster(), { method, path, body, what: 'interfere' }, never);
  };
  const drift = (of: string, path: string, content: JsonObject, told: RegExp): Drift => ({
    of,
    how: 'it is patched',
    told,
    happen: () => send('PATCH', path, content),
  });
  return {
    name: 'manifest',
    deployment: 'chain',
    worker: () => lab().worker,
    self: () =>
      microservice({
        id: 'web_x7k2pd',
        node: 'web',
        properties: {
          name: 'web',
          image: 'braid/web:1',
          port: 8080,
          target_port: 80,
          replicas: 2,
          env: { GREETING: 'hello' },
        },
        runtimeProperties: { kubernetes: { kubeconfig: { get_secret: kubeconfigSecret } } },
      }),
    steps: {
      ensure: [start],
      heal: [
        {
          ...start,
          operation: 'cloudify.interfaces.lifecycle.heal',
          implementation: 'kubernetes.microservice.heal',
        },
      ],
      remove: [
        {
          ...start,
          operation: 'cloudify.interfaces.lifecycle.stop',
          implementation: 'kubernetes.microservice.delete',
        },
      ],
      check: {
        operation: 'cloudify.interfaces.validation.check_status',
        implementation: 'kubernetes.microservice.check',
      },
    },
    settled: 'in every execution',
    record: async () => [await live('ReplicationController'), await live('Service'), await pods()],
    declared: async () => {
      const now = await Promise.all([live('ReplicationController'), live('Service')]);
      return now.map((object) => ({
        labels: object?.metadata['labels'],
        spec: withoutAddresses(object?.['spec']),
      }));
    },
    census: async () => {
      const found = [await live('ReplicationController'), await live('Service'), ...(await pods())];
      return found.flatMap((object) => (object === undefined ? [] : [nameOf(object)])).sort();
    },
    drifts: [
      {
        of: 'name',
        how: 'its ReplicationController is deleted',
        told: /ReplicationController:default\/web is missing/,
        happen: () => send('DELETE', controller, { propagationPolicy: 'Background' }),
      },
      {
        of: 'port',
        how: 'its Service is deleted',
        told: /Service:default\/web is missing/,
        happen: () => send('DELETE', service, {}),
      },
      drift('replicas', controller, { spec: { replicas: 3 } }, /changed at spec\.replicas/),
      drift('image', controller, template({ image: 'braid/web:2' }), /changed at spec\.template/),
      drift(
        'env',
        controller,
        template({ env: [{ name: 'GREETING', value: 'bye' }] }),
        /changed at spec\.template/,
      ),
      drift(
        'target_port',
        service,
        { spec: { ports: [{ port: 8080, targetPort: 81, protocol: 'TCP' }] } },
        /changed at spec\.ports/,
      ),
      drift(
        'protocol',
        service,
        { spec: { ports: [{ port: 8080, targetPort: 80, protocol: 'UDP' }] } },
        /Service:default\/web was changed so that only replacing it helps/,
      ),
    ],
    foreign: {
      make: async () => {
        const metadata = { name: 'web', namespace: 'default' };
        const spec = { ports: [{ port: 1 }] };
        await apply(
          await lab().kubernetes.cluster(),
          { apiVersion: 'v1', kind: 'Service', metadata, spec },
          never,
        );
      },
      elsewhere: { deployment: 'another' },
      before: {
        make: async (instance) => {
          await instance.ensure();
          const unlabelled = { metadata: { labels: { 'io.braid.installation': null } } };
          for (const path of [controller, service]) await send('PATCH', path, unlabelled);
        },
        identity: async () => {
          const objects = [await live('ReplicationController'), await live('Service'), ...(await pods())];
          return objects.map((object) => object?.metadata['uid']);
        },
        told: async () => {
          const objects = [await live('ReplicationController'), await live('Service')];
          return objects.map((object) => text(object, 'metadata', 'labels', 'io.braid.installation') ?? '');
        },
        kept: ['here', 'here'],
      },
    },
    killed: { at: () => lab().kubernetes.proxy },
    cancelled: {
      during: 'its pods do not become ready',
      before: () => Promise.resolve(lab().kubernetes.let('pending')),
      waits: async () => {
        // The pods may come before the Service is applied.
        while ((await pods()).length < 2 || (await live('Service')) === undefined)
          await new Promise((resolve) => setTimeout(resolve, 50));
      },
      after: () => Promise.resolve(lab().kubernetes.let('running')),
      leaves: () => ['Pod', 'Pod', 'ReplicationController', 'Service'],
    },
    faults: {
      unreachable: [
        {
          what: 'the API server’s port is closed',
          strike: () => lab().kubernetes.proxy.close(),
          mend: () => lab().kubernetes.proxy.open(),
          told: {
            code: 'Unreachable',
            retryable: true,
            message: /The cluster at .* does not answer/,
            within: 5,
          },
        },
      ],
      unauthorised: [
        refused(lab, 'its token is not known', 'unknown', /refused to .* \(401\)/),
        refused(lab, 'its user has no rights', 'stranger', /refused to .* \(403\)/),
      ],
      'out of space': [
        {
          what: 'etcd is full',
          strike: () => lab().kubernetes.fill(),
          mend: () => lab().kubernetes.empty(),
          told: {
            code: 'ResourceRejected',
            retryable: true,
            message: /refused to apply .*database space exceeded/,
            within: 10,
          },
        },
      ],
      slow: [
        {
          what: 'the API server says nothing',
          strike: () => Promise.resolve(lab().kubernetes.proxy.silence()),
          mend: () => Promise.resolve(lab().kubernetes.proxy.speak()),
          told: { code: 'Unreachable', retryable: true, message: /no answer within 20 seconds/, within: 25 },
        },
      ],
    },
  };
}

function template(container: JsonObject): JsonObject {
  const containers = [{ name: 'web', image: 'braid/web:1', ...container }];
  return { spec: { template: { spec: { containers } } } };
}

function refused(
  lab: () => ConformanceLab,
  what: string,
  as: 'unknown' | 'stranger',
  message: RegExp,
): Fault {
  return {
    what,
    strike: () => lab().kubernetes.become(as),
    mend: () => lab().kubernetes.become('administrator'),
    told: { code: 'Unauthorized', retryable: false, message, within: 5 },
  };
}

/** A pod has another name each time. */
function nameOf({ kind }: KubeObject): string {
  return kind;
}

/** The cluster chooses them anew for a Service that is made anew. */
function withoutAddresses(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !/^clusterIPs?$/.test(key)));
}
