import type { Healed, OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { applyObjects } from './apply.ts';
import { reasonsAgainst } from './check.ts';
import { remove } from './cluster/api.ts';
import { refuseOthers } from './ensure.ts';
import { type KubeObject, list, text } from './objects.ts';
import { isLeaving, namespacesOf, podsOf } from './pods.ts';
import { readinessOf } from './readiness.ts';
import { manifestsOf, placeKnown, type Scope, scopeOf } from './scope.ts';

/** A pod that runs this long and is not ready will hardly become so by itself. */
const settleMilliseconds = 8_000;

/**
 * Applies the objects again, which corrects what was changed in them. A pod that runs but is not ready, as
 * after a change inside of it, the cluster leaves as it is: its controller is made to replace it. Where the
 * cluster was only to be waited for, it says that nothing was repaired.
 */
export async function healObjects(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const scope = await scopeOf(context, tools);
  // An earlier attempt may have done it.
  const repaired = (await mend(scope)) || tools.attempt > 1;
  const result: Healed = { repaired };
  return { ...(await applyObjects(context, tools)), result };
}

/** Whether there is something to mend. */
async function mend(scope: Scope): Promise<boolean> {
  const { cluster, external, owner, tools } = scope;
  const manifests = await manifestsOf(scope);
  const desired = await placeKnown(scope, manifests);
  await refuseOthers(scope, desired);
  const pods = external ? [] : await podsOf(cluster, owner, namespacesOf(desired), tools.signal);
  const against = await Promise.all(desired.map((object) => reasonsAgainst(scope, object, pods)));
  const stuck = pods.filter((one) => isStuck(one, Date.now()));
  for (const pod of stuck) {
    tools.log(`pod ${pod.metadata.name} runs but is not ready; it is replaced`);
    await remove(cluster, pod, tools.signal);
  }
  const isKnown = desired.length === manifests.length;
  return !isKnown || stuck.length > 0 || against.some(({ faults }) => faults.length > 0);
}

export function isStuck(pod: KubeObject, now: number): boolean {
  if (isLeaving(pod) || readinessOf(pod).ready || text(pod, 'status', 'phase') !== 'Running') return false;
  const isControlled = list(pod, 'metadata', 'ownerReferences').some((owner) => owner.controller === true);
  const begun = list(pod, 'status', 'containerStatuses').map((status) =>
    Date.parse(text(status, 'state', 'running', 'startedAt') ?? ''),
  );
  return isControlled && begun.every((start) => now - start >= settleMilliseconds);
}
