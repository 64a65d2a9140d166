import { type Cluster, clusterOf } from '../../src/activities/kubernetes/cluster/cluster.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { InstanceView, OperationContext } from '../../src/contracts/operation.ts';
import type { Tools } from '../../src/activities/operation.ts';
import { contextWith } from './references.ts';

/** An instance of a microservice as the engine shows it to an operation. */
export function microservice(change: Partial<InstanceView> = {}): InstanceView {
  return {
    id: 'router_x7k2pd',
    node: 'router',
    index: 0,
    typeHierarchy: ['cloudify.nodes.Root', 'cloudify.kubernetes.Base', 'cloudify.kubernetes.Microservice'],
    properties: {},
    runtimeProperties: {},
    host: null,
    targets: [],
    ...change,
  };
}

export function contextOf(self: InstanceView, change: Partial<OperationContext> = {}): OperationContext {
  return contextWith({
    deployment: 'chain',
    execution: 'install:chain:1',
    blueprint: 'sha256:test',
    operation: 'cloudify.interfaces.lifecycle.start',
    implementation: 'kubernetes.microservice.apply',
    idempotencyKey: 'key',
    adopt: false,
    inputs: {},
    subject: { kind: 'node', self },
    ...change,
  });
}

/** A cluster as a test speaks to it, with no more rights than a worker gives by itself. */
export function openCluster(config: string): Promise<Cluster> {
  return clusterOf(config, new Set(), new AbortController().signal);
}

/** A kubeconfig as JSON, with these keys over or beside the usual ones; `strange`: whatever else. */
export function kubeconfig(
  cluster: JsonObject,
  user: JsonObject,
  strange: { readonly cluster?: object; readonly user?: object } = {},
): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1', ...cluster, ...strange.cluster } }],
    users: [{ name: 'u', user: { token: 'secret-token', ...user, ...strange.user } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

export type Files = Readonly<Record<string, string>>;

/** Files of a blueprint and secrets from memory; what Kubernetes needs nothing of is refused. */
export function toolsWith(
  files: Files,
  secrets: Readonly<Record<string, string>> = {},
  change: Partial<Pick<Tools, 'signal' | 'heartbeat'>> = {},
): Tools {
  return {
    attempt: 1,
    secrets: {
      get: async (name) => await Promise.resolve(secrets[name] ?? unused(name)),
      put: async () => await Promise.resolve(unused('put')),
      ensure: async () => await Promise.resolve(unused('ensure')),
      remove: async () => await Promise.resolve(unused('remove')),
      list: async () => await Promise.resolve(unused('list')),
    },
    blueprints: {
      put: async () => await Promise.resolve(unused('put')),
      read: async (_, path) => await Promise.resolve(Buffer.from(files[path] ?? unused(path))),
      list: async () => await Promise.resolve(unused('list')),
      exists: async (_, path) => await Promise.resolve(Object.hasOwn(files, path)),
    },
    get ssh(): Tools['ssh'] {
      return unused('ssh');
    },
    get machines(): Tools['machines'] {
      return unused('machines');
    },
    installation: 'here',
    kubeconfigRights: new Set(),
    signal: change.signal ?? new AbortController().signal,
    heartbeat: change.heartbeat ?? (() => undefined),
    redact: (text) => text,
    log: () => undefined,
  };
}

export function object(kind: string, name: string, rest: JsonObject = {}) {
  return { apiVersion: 'v1', kind, metadata: { name }, ...rest };
}

function unused(what: string): never {
  throw new Error(`not for this test: ${what}`);
}
