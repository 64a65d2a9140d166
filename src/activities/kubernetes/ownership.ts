import { createHash } from 'node:crypto';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { at, type KubeObject, nameOf, referenceOf, text, withValue } from './objects.ts';
import { withPodTemplate } from './manifests/pod-template.ts';

const deploymentLabel = 'io.braid.deployment';
const instanceLabel = 'io.braid.instance';

export type Owner = { readonly deployment: string; readonly instance: string };

/** The object and the pods that it makes, labelled as ours. */
export function withOwner(object: KubeObject, owner: Owner): KubeObject {
  const labelled = { ...object, ...label(object, owner) };
  return object.kind === 'Pod' ? labelled : withPodTemplate(labelled, (template) => label(template, owner));
}

export function isOwned(live: KubeObject, owner: Owner): boolean {
  const labels = at(live, 'metadata', 'labels');
  return (
    text(labels, deploymentLabel) === labelValue(owner.deployment) &&
    text(labels, instanceLabel) === labelValue(owner.instance)
  );
}

/** Refuses what somebody else made, unless adoption is asked for. */
export function assertOwned(live: KubeObject, owner: Owner, adopt: boolean): void {
  if (adopt || isOwned(live, owner)) return;
  const labels = at(live, 'metadata', 'labels');
  const other = text(labels, instanceLabel);
  const whose =
    other === undefined
      ? 'was not made by Braid'
      : `belongs to ${other} of the deployment ${text(labels, deploymentLabel) ?? '(unknown)'}`;
  throw failure(
    'Unowned',
    `${nameOf(referenceOf(live))} exists in the cluster and ${whose}. Remove or rename one of the two, or ask for its adoption.`,
  );
}

/** Selects what is ours. */
export function ownerSelector(owner: Owner): string {
  return `${deploymentLabel}=${labelValue(owner.deployment)},${instanceLabel}=${labelValue(owner.instance)}`;
}

/** A label holds 63 letters, digits, `-`, `_`, `.`; any other name is shortened and told apart by a hash. */
function labelValue(name: string): string {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/u.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10);
  const readable = name
    .replaceAll(/[^A-Za-z0-9]+/gu, '-')
    .replace(/^-/u, '')
    .slice(0, 50);
  return `${readable === '' ? 'x' : readable}-${hash}`;
}

function label(target: JsonObject, owner: Owner): JsonObject {
  const deployment = withValue(target, ['metadata', 'labels', deploymentLabel], labelValue(owner.deployment));
  return withValue(deployment, ['metadata', 'labels', instanceLabel], labelValue(owner.instance));
}
