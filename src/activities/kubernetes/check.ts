import { ApplicationFailure } from '@temporalio/common';
import type { Health, OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { apply, read } from './cluster/api.ts';
import { driftOf } from './drift.ts';
import { isInvalid } from './errors.ts';
import { explainPod } from './explain.ts';
import { type KubeObject, nameOf, referenceOf, shortened } from './objects.ts';
import { comparable, isOwned, whose } from './ownership.ts';
import { factsOf, isLeaving, mostTold, namespacesOf, podsOf } from './pods.ts';
import { readinessOf } from './readiness.ts';
import { manifestsOf, placeKnown, type Scope, scopeOf } from './scope.ts';
import { isStale } from './stale-pods.ts';

/** Whether every object is there, ours, as applied, and ready. Changes nothing; tells every reason. */
export async function checkObjects(context: OperationContext, tools: Tools): Promise<OperationResult> {
  try {
    return { result: await healthOf(await scopeOf(context, tools)) };
  } catch (error) {
    tools.signal.throwIfAborted();
    // That the cluster does not answer, or answers no, is what was to be found out.
    if (!(error instanceof ApplicationFailure)) throw error;
    const health: Health = {
      healthy: false,
      reason: error.message,
      facts: { error: error.type ?? 'Internal' },
    };
    return { result: health };
  }
}

async function healthOf(scope: Scope): Promise<Health> {
  const { cluster, owner, tools } = scope;
  const manifests = await manifestsOf(scope);
  const desired = await placeKnown(scope, manifests);
  const pods = await podsOf(cluster, owner, namespacesOf(desired), tools.signal);
  const unknown = manifests.filter((manifest) => !desired.some((one) => sameName(one, manifest)));
  const reasons = unknown.map((one) => `${one.kind}:${one.metadata.name} is missing, and so is its kind`);
  for (const object of desired) {
    const { faults, unready } = await reasonsAgainst(scope, object, pods);
    reasons.push(...faults, ...unready);
  }
  const present = pods.filter((pod) => !isLeaving(pod));
  const facts = {
    kinds: desired.map((object) => nameOf(referenceOf(object))),
    pods: present.slice(0, mostTold).map(factsOf),
  };
  if (reasons.length === 0) return { healthy: true, facts };
  const why = shortened(reasons.join('; '), 8000);
  const broken = present.filter((pod) => !readinessOf(pod).ready).slice(0, 3);
  const told = await Promise.all(broken.map((pod) => explainPod(cluster, pod, tools.signal)));
  return { healthy: false, reason: [`${why}.`, ...told].join(' '), facts };
}

/** What speaks against an object: what only work on it mends, and what time may mend. */
type Reasons = { readonly faults: readonly string[]; readonly unready: readonly string[] };

export async function reasonsAgainst(
  scope: Scope,
  desired: KubeObject,
  pods: readonly KubeObject[],
): Promise<Reasons> {
  const { cluster, tools } = scope;
  const name = nameOf(referenceOf(desired));
  const live = await read(cluster, referenceOf(desired), tools.signal);
  if (live === undefined) return fault(`${name} is missing`);
  if (isLeaving(live)) return fault(`${name} is being deleted`);
  const readiness = readinessOf(live);
  const unready = readiness.ready ? [] : [`${name} is not ready: ${readiness.reason}`];
  if (scope.external) return { faults: [], unready };
  if (!isOwned(live, scope.owner))
    return fault(`${name} is not of this instance: it ${whose(live, scope.owner)}`);
  const changed = await changesOf(scope, name, live, desired);
  const stale =
    live.kind === 'ReplicationController' && pods.some((pod) => !isLeaving(pod) && isStale(pod, live));
  return { faults: [...changed, ...(stale ? [`${name} has pods of an older template`] : [])], unready };
}

function fault(reason: string): Reasons {
  return { faults: [reason], unready: [] };
}

/** Against what the object would be after applying again; one that it cannot be applied to counts as changed. */
async function changesOf(
  scope: Scope,
  name: string,
  live: KubeObject,
  desired: KubeObject,
): Promise<readonly string[]> {
  try {
    const applied = await apply(scope.cluster, desired, scope.tools.signal, { dryRun: true });
    const drift = driftOf(live, comparable(applied, live));
    return drift.length === 0 ? [] : [`${name} was changed at ${drift.join(', ')}`];
  } catch (error) {
    if (!isInvalid(error)) throw error;
    return [`${name} was changed so that only replacing it helps: ${error.message}`];
  }
}

function sameName(one: KubeObject, other: KubeObject): boolean {
  return one.kind === other.kind && one.metadata.name === other.metadata.name;
}
