import { failure } from '../../../contracts/failure.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import {
  isKubeObject,
  type KubeObject,
  list,
  nameOf,
  type ObjectReference,
  referenceOf,
  text,
} from '../objects.ts';
import { call, type Cluster, type KindDescription } from './cluster.ts';

/** Who owns the fields that Braid applies. */
const fieldManager = 'braid';

/** The live object; undefined when there is none. */
export async function read(
  cluster: Cluster,
  reference: ObjectReference,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const path = await objectPath(cluster, reference, signal);
  const what = `read ${nameOf(reference)}`;
  return asObject(await call(cluster, { method: 'GET', path, what }, signal));
}

export type ApplyOptions = {
  /** Asks what the object would become and changes nothing. */
  readonly dryRun?: boolean;
};

/**
 * Server-side apply: takes our own fields from whoever has them, leaves all others. Content that is
 * already so changes nothing. An unknown field is ResourceRejected.
 */
export async function apply(
  cluster: Cluster,
  object: KubeObject,
  signal: AbortSignal,
  options: ApplyOptions = {},
): Promise<KubeObject> {
  const reference = referenceOf(object);
  const query = new URLSearchParams({ fieldManager, force: 'true', fieldValidation: 'Strict' });
  if (options.dryRun === true) query.set('dryRun', 'All');
  const what = `apply ${nameOf(reference)}`;
  const path = `${await objectPath(cluster, reference, signal)}?${query.toString()}`;
  const body = { type: 'application/apply-patch+yaml', text: JSON.stringify(object) };
  const applied = asObject(await call(cluster, { method: 'PATCH', path, body, what }, signal));
  if (applied !== undefined) return applied;
  const namespace = reference.namespace === null ? '' : ` Is there a namespace ${reference.namespace}?`;
  throw failure('ResourceRejected', `The cluster has no place to ${what}.${namespace}`);
}

/** Merge patch: unlike `apply` it replaces lists as a whole, with what others have added to them. */
export async function mergeInto(cluster: Cluster, object: KubeObject, signal: AbortSignal): Promise<void> {
  const reference = referenceOf(object);
  const query = new URLSearchParams({ fieldManager, fieldValidation: 'Strict' });
  const path = `${await objectPath(cluster, reference, signal)}?${query.toString()}`;
  const body = { type: 'application/merge-patch+json', text: JSON.stringify(object) };
  await call(cluster, { method: 'PATCH', path, body, what: `replace ${nameOf(reference)}` }, signal);
}

export type RemoveOptions = { readonly graceSeconds?: number; readonly propagation?: string };

/** Asks for the deletion of exactly this object, not of one made anew under its name. */
export async function remove(
  cluster: Cluster,
  object: KubeObject,
  signal: AbortSignal,
  options: RemoveOptions = {},
): Promise<void> {
  const reference = referenceOf(object);
  const content = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: options.propagation ?? 'Background',
    ...(options.graceSeconds === undefined ? {} : { gracePeriodSeconds: options.graceSeconds }),
    preconditions: { uid: text(object, 'metadata', 'uid') ?? '' },
  };
  const path = await objectPath(cluster, reference, signal);
  const body = { type: 'application/json', text: JSON.stringify(content) };
  await call(cluster, { method: 'DELETE', path, body, what: `delete ${nameOf(reference)}` }, signal);
}

export type Selection = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  /** `io.braid.instance=router_x7k2pd` */
  readonly labels?: string;
  /** `metadata.name=router` */
  readonly fields?: string;
};

export async function select(
  cluster: Cluster,
  selection: Selection,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const path = await selectionPath(cluster, selection, signal);
  const found = await call(cluster, { method: 'GET', path, what: `list ${selection.kind}` }, signal);
  // Items of a list carry neither kind nor version.
  return list(found, 'items')
    .map((item) => ({ ...item, apiVersion: selection.apiVersion, kind: selection.kind }))
    .filter(isKubeObject);
}

export async function selectionPath(
  cluster: Cluster,
  selection: Selection,
  signal: AbortSignal,
): Promise<string> {
  const query = new URLSearchParams();
  if (selection.labels !== undefined) query.set('labelSelector', selection.labels);
  if (selection.fields !== undefined) query.set('fieldSelector', selection.fields);
  return `${await collectionPath(cluster, selection, signal)}?${query.toString()}`;
}

/** Fills in the namespace that an object of this kind is in when its manifest says none. */
export async function placed(
  cluster: Cluster,
  object: KubeObject,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<KubeObject> {
  const { namespaced } = await describeKind(cluster, object.apiVersion, object.kind, signal);
  const { namespace: own, ...metadata } = object.metadata;
  if (!namespaced) return { ...object, metadata: { ...metadata, name: object.metadata.name } };
  const place = own ?? namespace ?? cluster.access.defaultNamespace;
  return { ...object, metadata: { ...metadata, name: object.metadata.name, namespace: place } };
}

/** Whether the cluster knows the kind at all, as it does not after its definition was deleted. */
export async function knowsKind(
  cluster: Cluster,
  reference: Pick<ObjectReference, 'apiVersion' | 'kind'>,
  signal: AbortSignal,
): Promise<boolean> {
  return (await findKind(cluster, reference.apiVersion, reference.kind, signal)) !== undefined;
}

/** Whether the cluster serves the kind now, whatever it has served before. */
export async function servesKind(
  cluster: Cluster,
  reference: Pick<ObjectReference, 'apiVersion' | 'kind'>,
  signal: AbortSignal,
): Promise<boolean> {
  cluster.kinds.delete(`${reference.apiVersion}/${reference.kind}`);
  return await knowsKind(cluster, reference, signal);
}

async function objectPath(
  cluster: Cluster,
  reference: ObjectReference,
  signal: AbortSignal,
): Promise<string> {
  return `${await collectionPath(cluster, reference, signal)}/${encodeURIComponent(reference.name)}`;
}

async function collectionPath(
  cluster: Cluster,
  target: Pick<ObjectReference, 'apiVersion' | 'kind' | 'namespace'>,
  signal: AbortSignal,
): Promise<string> {
  const { plural, namespaced } = await describeKind(cluster, target.apiVersion, target.kind, signal);
  const inside =
    namespaced && target.namespace !== null ? `/namespaces/${encodeURIComponent(target.namespace)}` : '';
  return `${groupPath(target.apiVersion)}${inside}/${plural}`;
}

async function describeKind(
  cluster: Cluster,
  apiVersion: string,
  kind: string,
  signal: AbortSignal,
): Promise<KindDescription> {
  const found = await findKind(cluster, apiVersion, kind, signal);
  if (found !== undefined) return found;
  throw failure(
    'ResourceRejected',
    `The cluster at ${cluster.channel.server} knows no kind ${kind} of ${apiVersion}. Correct the manifest's apiVersion and kind.`,
  );
}

async function findKind(
  cluster: Cluster,
  apiVersion: string,
  kind: string,
  signal: AbortSignal,
): Promise<KindDescription | undefined> {
  const known = cluster.kinds.get(`${apiVersion}/${kind}`);
  if (known !== undefined) return known;
  const path = groupPath(apiVersion);
  const resources = await call(
    cluster,
    { method: 'GET', path, what: `list the kinds of ${apiVersion}` },
    signal,
  );
  for (const resource of list(resources, 'resources')) remember(cluster, apiVersion, resource);
  return cluster.kinds.get(`${apiVersion}/${kind}`);
}

function remember(cluster: Cluster, apiVersion: string, resource: JsonObject): void {
  const plural = text(resource, 'name');
  const kind = text(resource, 'kind');
  if (plural === undefined || kind === undefined || plural.includes('/')) return;
  cluster.kinds.set(`${apiVersion}/${kind}`, { plural, namespaced: resource.namespaced === true });
}

function groupPath(apiVersion: string): string {
  const root = apiVersion.includes('/') ? '/apis' : '/api';
  return `${root}/${apiVersion.split('/').map(encodeURIComponent).join('/')}`;
}

function asObject(answer: JsonObject | undefined): KubeObject | undefined {
  return isKubeObject(answer) ? answer : undefined;
}
