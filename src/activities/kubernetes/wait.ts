import { failure } from '../../contracts/failure.ts';
import type { Tools } from '../operation.ts';
import { read, type Selection, servesKind } from './cluster/api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { type Changes, watchChanges } from './cluster/watch.ts';
import { explainEvents, explainPod } from './explain.ts';
import {
  type KubeObject,
  list,
  nameOf,
  type ObjectReference,
  referenceOf,
  shortened,
  text,
} from './objects.ts';
import { type Owner, ownerSelector } from './ownership.ts';
import { restartsOf, type Trouble, troublesOf } from './pod-trouble.ts';
import { isLeaving, isPresent, namespacesOf, podsOf } from './pods.ts';
import { readinessOf } from './readiness.ts';
import { removeOrphans, removePodsOf, replaceStalePods } from './stale-pods.ts';

export type Waiting = {
  readonly cluster: Cluster;
  /** Whose pods count; undefined: nobody's. */
  readonly owner: Owner | undefined;
  readonly tools: Pick<Tools, 'signal' | 'heartbeat'>;
  /** Seconds. */
  readonly within: number;
};

/** Waits until every object is ready, its pods of the present template; returns them as last read. */
export async function waitReady(
  waiting: Waiting,
  desired: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const { cluster, tools } = waiting;
  let restartsBefore: ReadonlyMap<string, number> | undefined;
  return await eachChange(waiting, desired, async (isLast) => {
    const live = await Promise.all(desired.map((object) => read(cluster, referenceOf(object), tools.signal)));
    const pods = await podsIn(waiting, desired);
    await removeOrphans(cluster, pods, tools.signal);
    const stale = await replaceStalePods(cluster, live.filter(isThere), pods, tools.signal);
    const unready = desired.flatMap((object, index) => unreadiness(object, live[index]));
    if (unready.length === 0 && stale === undefined) return live.filter(isThere);

    const reasons = [...unready.map((one) => one.reason), ...(stale === undefined ? [] : [stale])];
    const reason = shortened(reasons.join('; '), 8000);
    tools.heartbeat({ waiting: reason });
    const present = pods.filter((pod) => !isLeaving(pod) && isPresent(pod, desired));
    restartsBefore ??= new Map(present.map((pod) => [pod.metadata.name, restartsOf(pod)]));
    const before = restartsBefore;
    const hopeless = [...unready, ...present.flatMap((pod) => troublesSince(pod, before))].some(
      (one) => one.hopeless,
    );
    if (!hopeless && !isLast) return undefined;
    const told = await explainAll(waiting, live.filter(isThere), present);
    const limit = hopeless ? '' : ` after ${waiting.within} seconds`;
    throw failure('NotReady', `${reason}${limit}. ${told}`.trim(), { retryable: !hopeless });
  });
}

/**
 * Waits until the cluster serves the kinds of a CustomResourceDefinition. A definition is established a
 * moment before that, and its kinds may have been served, and forgotten, before.
 */
export async function waitServed(waiting: Waiting, definition: KubeObject): Promise<void> {
  const { cluster, tools } = waiting;
  const kinds = kindsOf(definition);
  await eachChange(waiting, [definition], async (isLast) => {
    const served = await Promise.all(kinds.map((kind) => servesKind(cluster, kind, tools.signal)));
    const missing = kinds.filter((_, index) => served[index] !== true);
    if (missing.length === 0) return true;
    const reason = `${missing.map((one) => `${one.kind} of ${one.apiVersion}`).join(', ')} not served yet`;
    tools.heartbeat({ waiting: reason });
    if (!isLast) return undefined;
    throw failure(
      'NotReady',
      `${nameOf(referenceOf(definition))} is established, but after ${waiting.within} seconds: ${reason}.`,
    );
  });
}

function kindsOf(definition: KubeObject): readonly Pick<ObjectReference, 'apiVersion' | 'kind'>[] {
  const group = text(definition, 'spec', 'group') ?? '';
  const kind = text(definition, 'spec', 'names', 'kind') ?? '';
  return list(definition, 'spec', 'versions')
    .filter((version) => version.served === true)
    .map((version) => ({ apiVersion: `${group}/${text(version, 'name') ?? ''}`, kind }));
}

/** Waits until none of the objects (as read, with their uid) is there any more, nor a pod of the instance. */
export async function waitGone(waiting: Waiting, objects: readonly KubeObject[]): Promise<void> {
  const { cluster, tools } = waiting;
  await eachChange(waiting, objects, async (isLast) => {
    const live = await Promise.all(objects.map((one) => read(cluster, referenceOf(one), tools.signal)));
    // One that was made anew under the name is somebody else's.
    const left = objects.filter((one, index) => one.metadata.uid === live[index]?.metadata.uid);
    const pods = await podsIn(waiting, objects);
    await removeOrphans(cluster, pods, tools.signal);
    const gone = objects.filter((one) => !left.includes(one));
    await removePodsOf(cluster, gone, pods, tools.signal);
    const names = [...left, ...pods].map((one) => nameOf(referenceOf(one)));
    if (names.length === 0) return true;
    tools.heartbeat({ waiting: `${names.join(', ')} to be gone` });
    if (!isLast) return undefined;
    throw failure('NotReady', `${names.join(', ')} did not go away within ${waiting.within} seconds.`);
  });
}

/** Waits until the pods of an instance are gone, while its objects stay. */
export async function waitNoPods(waiting: Waiting, objects: readonly KubeObject[]): Promise<void> {
  const { tools } = waiting;
  await eachChange(waiting, objects, async (isLast) => {
    const pods = await podsIn(waiting, objects);
    if (pods.length === 0) return true;
    const names = pods.map((pod) => pod.metadata.name).join(', ');
    tools.heartbeat({ waiting: `${names} to be gone` });
    if (!isLast) return undefined;
    throw failure('NotReady', `The pods ${names} did not go away within ${waiting.within} seconds.`);
  });
}

/** Looks at once and after every change, until there is a result. `isLast`: the time is over. */
async function eachChange<T>(
  waiting: Waiting,
  objects: readonly KubeObject[],
  look: (isLast: boolean) => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + waiting.within * 1000;
  let changes: Changes | undefined;
  try {
    while (true) {
      const result = await look(Date.now() >= deadline);
      if (result !== undefined) return result;
      // What is ready already needs no watch, so it is opened only now, and looked at once more.
      if (changes === undefined) {
        changes = watchChanges(waiting.cluster, selectionsOf(waiting, objects), waiting.tools.signal);
        await changes.next(100);
      } else await changes.next(Math.max(10, Math.min(1000, deadline - Date.now())));
    }
  } finally {
    changes?.close();
  }
}

function selectionsOf(waiting: Waiting, objects: readonly KubeObject[]): readonly Selection[] {
  const own = objects.map((object): Selection => {
    const { name, ...rest }: ObjectReference = referenceOf(object);
    return { ...rest, fields: `metadata.name=${name}` };
  });
  if (waiting.owner === undefined) return own;
  const labels = ownerSelector(waiting.owner);
  const pods = namespacesOf(objects).map(
    (namespace): Selection => ({ apiVersion: 'v1', kind: 'Pod', namespace, labels }),
  );
  return [...own, ...pods];
}

async function podsIn(waiting: Waiting, objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
  const { cluster, owner, tools } = waiting;
  return owner === undefined ? [] : await podsOf(cluster, owner, namespacesOf(objects), tools.signal);
}

type Unreadiness = { readonly reason: string; readonly hopeless: boolean };

function unreadiness(wanted: KubeObject, live: KubeObject | undefined): readonly Unreadiness[] {
  const name = nameOf(referenceOf(wanted));
  if (live === undefined) return [{ reason: `${name} is gone`, hopeless: false }];
  if (isLeaving(live)) return [{ reason: `${name} is being deleted`, hopeless: false }];
  const readiness = readinessOf(live);
  if (readiness.ready) return [];
  return [{ reason: `${name} is not ready: ${readiness.reason}`, hopeless: readiness.hopeless }];
}

function troublesSince(pod: KubeObject, restartsBefore: ReadonlyMap<string, number>): readonly Trouble[] {
  return troublesOf(pod, restartsBefore.get(pod.metadata.name) ?? 0, new Date());
}

async function explainAll(
  waiting: Waiting,
  objects: readonly KubeObject[],
  pods: readonly KubeObject[],
): Promise<string> {
  const { cluster, tools } = waiting;
  const unready = objects.filter((object) => !readinessOf(object).ready && object.kind !== 'Pod');
  const events = await Promise.all(unready.map((object) => explainEvents(cluster, object, tools.signal)));
  const troubled = pods.filter((pod) => !readinessOf(pod).ready).slice(0, 3);
  const told = await Promise.all(troubled.map((pod) => explainPod(cluster, pod, tools.signal)));
  return [...told, ...events]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
