import { failure } from '../../contracts/failure.ts';
import { apply, mergeInto, read, remove } from './cluster/api.ts';
import { isConflict, isInvalid } from './errors.ts';
import { type KubeObject, nameOf, referenceOf, withValue } from './objects.ts';
import { assertOwned } from './ownership.ts';
import { isLeaving } from './pods.ts';
import type { Scope } from './scope.ts';
import { waitGone, waitReady, waitServed } from './wait.ts';

const attempts = 4;

/** Makes one object what it shall be: observe, refuse what is not ours, apply. Again when others interfere. */
export async function ensureObject(scope: Scope, desired: KubeObject): Promise<KubeObject> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await read(scope.cluster, referenceOf(desired), scope.tools.signal);
    if (scope.external && live !== undefined) return live;
    if (scope.external && scope.self.properties.create_if_missing !== true) throw missing(desired);
    try {
      return await ensureFrom(scope, desired, live);
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
    }
  }
}

/** To be asked before pods are touched: they tell less of whose they are than what made them. */
export async function refuseOthers(scope: Scope, desired: readonly KubeObject[]): Promise<void> {
  const { adopt, cluster, external, owner, tools } = scope;
  if (external) return;
  const live = await Promise.all(desired.map((object) => read(cluster, referenceOf(object), tools.signal)));
  for (const object of live) if (object !== undefined) assertOwned(object, owner, adopt);
}

async function ensureFrom(
  scope: Scope,
  desired: KubeObject,
  live: KubeObject | undefined,
): Promise<KubeObject> {
  if (live !== undefined) assertOwned(live, scope.owner, scope.adopt);
  if (live !== undefined && isLeaving(live)) await waitAway(scope, live);
  const isThere = live !== undefined && !isLeaving(live);
  const applied = await applyOrReplace(scope, desired, isThere ? live : undefined);
  // What follows may live in it or be of it.
  const waiting = { ...scope, within: 30 };
  const isDefinition = desired.kind === 'CustomResourceDefinition';
  if (isDefinition || desired.kind === 'Namespace') await waitReady(waiting, [desired]);
  if (isDefinition) await waitServed(waiting, applied);
  return applied;
}

/** A Pod or a Job cannot be changed in most of its fields: it is made anew. */
async function applyOrReplace(
  scope: Scope,
  desired: KubeObject,
  live: KubeObject | undefined,
): Promise<KubeObject> {
  const { cluster, tools } = scope;
  if (live === undefined) return await apply(cluster, desired, tools.signal);
  // With the uid, an object that took the place of the one just looked at is not touched.
  const same = { ...desired, ...withValue(desired, ['metadata', 'uid'], live.metadata.uid ?? '') };
  try {
    return await apply(cluster, same, tools.signal);
  } catch (error) {
    if (!isInvalid(error)) throw error;
    if (desired.kind !== 'Pod' && desired.kind !== 'Job') return await replaceAndApply(scope, same, error);
    tools.log(`${nameOf(referenceOf(desired))} cannot be changed in place; it is made anew`);
    await remove(cluster, live, tools.signal);
    await waitAway(scope, live);
    return await apply(cluster, desired, tools.signal);
  }
}

/** What somebody changed in a list may not go with what we apply to it, as another protocol of a port does. */
async function replaceAndApply(scope: Scope, same: KubeObject, refusal: unknown): Promise<KubeObject> {
  const { cluster, tools } = scope;
  try {
    await mergeInto(cluster, same, tools.signal);
  } catch (error) {
    // It is the manifest that is wrong.
    throw isInvalid(error) ? refusal : error;
  }
  return await apply(cluster, same, tools.signal);
}

async function waitAway(scope: Scope, live: KubeObject): Promise<void> {
  // Its pods need not be gone for an object of its name to be made.
  await waitGone({ ...scope, owner: undefined }, [live]);
}

function missing(desired: KubeObject): Error {
  return failure(
    'NotReady',
    `${nameOf(referenceOf(desired))} is used as an external resource but is not in the cluster. Make it, or set create_if_missing.`,
  );
}
