import { remove } from './cluster/api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { templateAnnotation, templateHashOf } from './manifests/pod-template.ts';
import { count, type KubeObject, list, nameOf, referenceOf, text } from './objects.ts';
import { isLeaving, isOwnedBy } from './pods.ts';
import { readinessOf } from './readiness.ts';

/**
 * A ReplicationController or a ReplicaSet leaves pods of an older template running. Removes the next of
 * them when no other is missing, so that they go one at a time. Undefined when there is none left.
 */
export async function replaceStalePods(
  cluster: Cluster,
  objects: readonly KubeObject[],
  pods: readonly KubeObject[],
  signal: AbortSignal,
): Promise<string | undefined> {
  let reason: string | undefined;
  for (const controller of objects) {
    if (controller.kind !== 'ReplicationController' && controller.kind !== 'ReplicaSet') continue;
    const own = pods.filter((pod) => isOwnedBy(pod, controller));
    const stale = own.filter((pod) => isStale(pod, controller));
    if (stale.length === 0) continue;
    reason = `${nameOf(referenceOf(controller))} has ${stale.length} pods of an older template`;
    const next = nextToGo(controller, own, stale);
    if (next !== undefined) await remove(cluster, next, signal);
  }
  return reason;
}

/** Removes pods that their controller let go of, as it does when its selector changes. */
export async function removeOrphans(
  cluster: Cluster,
  pods: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  for (const pod of pods) if (isOrphan(pod) && !isLeaving(pod)) await remove(cluster, pod, signal);
}

/** Removes the pods of controllers that are gone; the cluster's own collector may take long, as after a reboot. */
export async function removePodsOf(
  cluster: Cluster,
  gone: readonly KubeObject[],
  pods: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  const left = pods.filter((pod) => !isLeaving(pod) && gone.some((controller) => isOwnedBy(pod, controller)));
  for (const pod of left) await remove(cluster, pod, signal);
}

/** Made from a template, and controlled by nothing. */
function isOrphan(pod: KubeObject): boolean {
  const isControlled = list(pod, 'metadata', 'ownerReferences').some((owner) => owner.controller === true);
  return !isControlled && text(pod, 'metadata', 'annotations', templateAnnotation) !== undefined;
}

export function isStale(pod: KubeObject, controller: KubeObject): boolean {
  const hash = templateHashOf(controller);
  return hash !== undefined && text(pod, 'metadata', 'annotations', templateAnnotation) !== hash;
}

function nextToGo(
  controller: KubeObject,
  own: readonly KubeObject[],
  stale: readonly KubeObject[],
): KubeObject | undefined {
  const broken = stale.find((pod) => !isLeaving(pod) && !readinessOf(pod).ready);
  if (broken !== undefined) return broken;
  const good = own.filter((pod) => !isLeaving(pod) && readinessOf(pod).ready);
  const wanted = count(controller, 'spec', 'replicas') ?? 1;
  const allThere = good.length >= wanted && !own.some(isLeaving);
  return allThere ? stale.find((pod) => !isLeaving(pod)) : undefined;
}
