import { createHash } from 'node:crypto';
import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import { installationLabel, isOfInstallation, ofAnother } from '../installation.ts';
import { at, type KubeObject, nameOf, referenceOf, text, withValue } from './objects.ts';
import { withPodTemplate } from './manifests/pod-template.ts';

const deploymentLabel = 'io.braid.deployment';
const instanceLabel = 'io.braid.instance';

export type Owner = {
  readonly installation: string;
  readonly deployment: string;
  readonly instance: string;
};

/**
 * The object and the pods that it makes, labelled as ours. The installation is told by the object alone: a label
 * more in a template would replace every pod that runs.
 */
export function withOwner(object: KubeObject, owner: Owner): KubeObject {
  const labelled = { ...object, ...label(object, owner) };
  const marked = {
    ...labelled,
    ...withValue(labelled, ['metadata', 'labels', installationLabel], owner.installation),
  };
  return object.kind === 'Pod' ? marked : withPodTemplate(marked, (template) => label(template, owner));
}

export function isOwned(live: KubeObject, owner: Owner): boolean {
  const labels = at(live, 'metadata', 'labels');
  return (
    isOfInstallation(installationOf(live), owner.installation) &&
    text(labels, deploymentLabel) === labelValue(owner.deployment) &&
    text(labels, instanceLabel) === labelValue(owner.instance)
  );
}

/**
 * What applying made of a live object, without the installation where the live one was labelled before
 * installations were told apart: it gets the label when it is applied next, and is as it should be until then.
 */
export function comparable(applied: KubeObject, live: KubeObject): KubeObject {
  const labels = at(applied, 'metadata', 'labels');
  if (installationOf(live) !== undefined || !isJsonObject(labels)) return applied;
  const { [installationLabel]: _, ...rest } = labels;
  return { ...applied, ...withValue(applied, ['metadata', 'labels'], rest) };
}

function installationOf(live: KubeObject): string | undefined {
  return text(live, 'metadata', 'labels', installationLabel);
}

/** Refuses what somebody else made, unless adoption is asked for. */
export function assertOwned(live: KubeObject, owner: Owner, adopt: boolean): void {
  if (adopt || isOwned(live, owner)) return;
  throw failure(
    'Unowned',
    `${nameOf(referenceOf(live))} exists in the cluster and ${whose(live, owner)}. Remove or rename one of the two, or ask for its adoption.`,
  );
}

/** Whose an object is that is not ours, for people. */
export function whose(live: KubeObject, owner: Owner): string {
  const labels = at(live, 'metadata', 'labels');
  const installation = installationOf(live);
  const instance = text(labels, instanceLabel);
  if (installation !== undefined && installation !== owner.installation) return ofAnother(installation);
  if (instance === undefined) return 'was not made by Braid';
  return `belongs to ${instance} of the deployment ${text(labels, deploymentLabel) ?? '(unknown)'}`;
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
