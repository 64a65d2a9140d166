import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { applyObjects } from './apply.ts';
import { remove } from './cluster/api.ts';
import { type KubeObject, list, text } from './objects.ts';
import { isLeaving, namespacesOf, podsOf } from './pods.ts';
import { readinessOf } from './readiness.ts';
import { manifestsOf, placeKnown, scopeOf } from './scope.ts';

/** A pod that runs this long and is not ready will hardly become so by itself. */
const settleMilliseconds = 8_000;

/**
 * Applies the objects again, which corrects what was changed in them. A pod that runs but is not ready, as
 * after a change inside of it, the cluster leaves as it is: its controller is made to replace it.
 */
export async function healObjects(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const scope = await scopeOf(context, tools);
  if (!scope.external) {
    const desired = await placeKnown(scope, await manifestsOf(scope));
    const pods = await podsOf(scope.cluster, scope.owner, namespacesOf(desired), tools.signal);
    for (const pod of pods.filter((one) => isStuck(one, Date.now()))) {
      tools.log(`pod ${pod.metadata.name} runs but is not ready; it is replaced`);
      await remove(scope.cluster, pod, tools.signal);
    }
  }
  return await applyObjects(context, tools);
}

export function isStuck(pod: KubeObject, now: number): boolean {
  if (isLeaving(pod) || readinessOf(pod).ready || text(pod, 'status', 'phase') !== 'Running') return false;
  const isControlled = list(pod, 'metadata', 'ownerReferences').some((owner) => owner.controller === true);
  const begun = list(pod, 'status', 'containerStatuses').map((status) =>
    Date.parse(text(status, 'state', 'running', 'startedAt') ?? ''),
  );
  return isControlled && begun.every((start) => now - start >= settleMilliseconds);
}
