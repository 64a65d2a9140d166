import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { knowsKind, placed } from './cluster/api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { clusterOfInstance } from './instance-cluster.ts';
import { desiredManifests } from './manifests/desired.ts';
import { count, type KubeObject, text } from './objects.ts';
import type { Owner } from './ownership.ts';

/** What every operation on an instance's objects works with. */
export type Scope = {
  readonly context: OperationContext;
  readonly self: InstanceView;
  readonly tools: Tools;
  readonly cluster: Cluster;
  readonly owner: Owner;
  readonly adopt: boolean;
  /** The objects are somebody else's: only looked at, never changed, never removed. */
  readonly external: boolean;
  /** Seconds to become ready or to be gone; the operation's input `within`. */
  readonly within: number;
};

/** The instance's objects in the order of their manifests, not yet placed. */
export async function manifestsOf(scope: Scope): Promise<readonly KubeObject[]> {
  return await desiredManifests(scope.context, scope.self, scope.owner, scope.tools.blueprints);
}

/** The object with its namespace. Fails as ResourceRejected when the cluster does not know its kind. */
export async function place(scope: Scope, manifest: KubeObject): Promise<KubeObject> {
  const namespace = text(scope.self.properties, 'options', 'namespace');
  return await placed(scope.cluster, manifest, namespace === '' ? undefined : namespace, scope.tools.signal);
}

/** Those objects whose kinds the cluster knows, placed; others cannot exist. */
export async function placeKnown(
  scope: Scope,
  manifests: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const known: KubeObject[] = [];
  for (const manifest of manifests)
    if (await knowsKind(scope.cluster, manifest, scope.tools.signal))
      known.push(await place(scope, manifest));
  return known;
}

const defaultWithin = 180;

export async function scopeOf(context: OperationContext, tools: Tools): Promise<Scope> {
  const self = selfOf(context);
  return {
    context,
    self,
    tools,
    cluster: await clusterOfInstance(context, self, tools),
    owner: { installation: tools.installation, deployment: context.deployment, instance: self.id },
    adopt: context.adopt || self.properties.use_if_exists === true,
    external: self.properties.use_external_resource === true,
    within: count(context.inputs, 'within') ?? defaultWithin,
  };
}

function selfOf(context: OperationContext): InstanceView {
  if (context.subject.kind === 'node') return context.subject.self;
  throw failure('OperationInputInvalid', `${context.implementation} is an operation of a node.`);
}
