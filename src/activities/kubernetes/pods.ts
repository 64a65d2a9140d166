import type { JsonObject } from '../../contracts/json.ts';
import { select } from './cluster/api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { templateAnnotation, templateHashOf } from './manifests/pod-template.ts';
import { at, type KubeObject, list, shortened, text } from './objects.ts';
import { type Owner, ownerSelector } from './ownership.ts';

/** Every pod of an instance, those that are going away included. */
export async function podsOf(
  cluster: Cluster,
  owner: Owner,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const labels = ownerSelector(owner);
  const found = await Promise.all(
    namespaces.map((namespace) =>
      select(cluster, { apiVersion: 'v1', kind: 'Pod', namespace, labels }, signal),
    ),
  );
  return found.flat();
}

/** The namespaces that objects, and so their pods, are in. */
export function namespacesOf(objects: readonly { readonly metadata: JsonObject }[]): readonly string[] {
  const named = objects.map((object) => text(object.metadata, 'namespace'));
  return [...new Set(named.filter((namespace) => namespace !== undefined))];
}

export function isLeaving(object: KubeObject): boolean {
  return at(object, 'metadata', 'deletionTimestamp') !== undefined;
}

/** Whether a pod is of a template that one of the objects has now; a pod without a template always is. */
export function isPresent(pod: KubeObject, objects: readonly KubeObject[]): boolean {
  const hash = text(pod, 'metadata', 'annotations', templateAnnotation);
  return hash === undefined || objects.some((object) => templateHashOf(object) === hash);
}

export function isOwnedBy(pod: KubeObject, controller: KubeObject): boolean {
  const uid = text(controller, 'metadata', 'uid');
  return list(pod, 'metadata', 'ownerReferences').some((reference) => reference.uid === uid);
}

/** Of any name in Kubernetes. */
const longestName = 253;
/** More pods are not told one by one. */
export const mostTold = 500;

/** What is told of a pod as a runtime property. */
export function factsOf(pod: KubeObject): JsonObject {
  const told = (...path: readonly string[]): string | null => {
    const found = text(pod, ...path);
    return found === undefined ? null : shortened(found, longestName);
  };
  return {
    name: told('metadata', 'name'),
    namespace: told('metadata', 'namespace'),
    node: told('spec', 'nodeName'),
    ip: told('status', 'podIP'),
  };
}
