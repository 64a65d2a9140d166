import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { knowsKind, read, remove } from './cluster/api.ts';
import { ensureObject } from './ensure.ts';
import { type KubeObject, nameOf, type ObjectReference, referenceOf } from './objects.ts';
import { isOwned } from './ownership.ts';
import { namespacesOf, podsOf } from './pods.ts';
import { recordedObjects, recordOf } from './records.ts';
import { manifestsOf, place, type Scope, scopeOf } from './scope.ts';
import { waitReady } from './wait.ts';

/**
 * Brings an instance's objects into the cluster and waits until they are ready. What is already so stays
 * untouched. Fails as Unowned, ResourceRejected, NotReady, Unreachable or Unauthorized.
 */
export async function applyObjects(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const scope = await scopeOf(context, tools);
  const desired: KubeObject[] = [];
  for (const manifest of await manifestsOf(scope)) {
    // Only now: the one before may be what made the cluster know this one's kind.
    const object = await place(scope, manifest);
    tools.heartbeat({ applying: nameOf(referenceOf(object)) });
    await ensureObject(scope, object);
    desired.push(object);
  }
  await prune(scope, desired);
  const live = await waitReady(scope, desired);
  const pods = await podsOf(scope.cluster, scope.owner, namespacesOf(live), tools.signal);
  return { runtimeProperties: recordOf(live, pods) };
}

/** Removes what an earlier version of the manifests had and this one has not. */
async function prune(scope: Scope, desired: readonly KubeObject[]): Promise<void> {
  const kept = new Set(desired.map((object) => keyOf(referenceOf(object))));
  const dropped = recordedObjects(scope.self).filter((reference) => !kept.has(keyOf(reference)));
  for (const reference of dropped) {
    if (scope.external || !(await knowsKind(scope.cluster, reference, scope.tools.signal))) continue;
    const live = await read(scope.cluster, reference, scope.tools.signal);
    if (live !== undefined && isOwned(live, scope.owner))
      await remove(scope.cluster, live, scope.tools.signal);
  }
}

function keyOf(reference: ObjectReference): string {
  // A kind may move to another version of its group; it is the same object then.
  return `${reference.apiVersion.split('/').slice(0, -1).join('/')} ${nameOf(reference)}`;
}
