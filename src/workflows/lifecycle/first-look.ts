import { isCancellation } from '@temporalio/workflow';
import type { Health } from '../../contracts/operation.ts';
import { askInstance, failedCheck } from './check.ts';
import { standsForDeployment } from './heal-deployment.ts';
import { isProbe } from './heal-traffic.ts';
import { operations } from './interfaces.ts';
import { hasOperation } from './operation.ts';
import { type InPlace, repairInPlace } from './repair.ts';
import { instanceOf, type Run } from './run.ts';

/** One instance as a heal begins. */
export type Seen = {
  readonly health: Promise<Health>;
  readonly atOnce: Promise<AtOnce>;
};

/** What came of repairing it in place at once. */
export type AtOnce =
  | { readonly kind: 'not tried' | Exclude<InPlace, 'repaired'> }
  | { readonly kind: 'repaired'; readonly reason: string };

const notTried: AtOnce = { kind: 'not tried' };

/** Answered: the check itself worked, so that the instance, and not the way to it, is what is ill. */
type Look = Health & { readonly answered: boolean };

/**
 * Looks at every started instance at once, other deployments among them, but not at probes. One that is ill while all
 * that it needs in this deployment is well is repaired in place at once: nothing in the graph has to be waited for.
 */
export function lookAtAll(run: Run): ReadonlyMap<string, Seen> {
  const ids = [...run.journal.instances.values()].flatMap(({ id, state }) =>
    state === 'started' && !isProbe(run, id) ? [id] : [],
  );
  const looks = new Map(ids.map((id) => [id, look(run, id)] as const));
  const seen = new Map(
    [...looks].map(([id, health]) => [id, { health, atOnce: repairAtOnce(run, id, looks) }]),
  );
  // Nobody may want to know any more when it is told.
  for (const { health, atOnce } of seen.values()) {
    health.catch(() => undefined);
    atOnce.catch(() => undefined);
  }
  return seen;
}

async function look(run: Run, id: string): Promise<Look> {
  try {
    const health = await askInstance(run, id);
    return { ...health, answered: health.facts?.['error'] === undefined };
  } catch (error) {
    return { ...failedCheck(error), answered: false };
  }
}

async function repairAtOnce(
  run: Run,
  id: string,
  looks: ReadonlyMap<string, Promise<Look>>,
): Promise<AtOnce> {
  if (standsForDeployment(run, id) || !hasOperation(run, id, operations.heal)) return notTried;
  const own = looks.get(id);
  const isItself = await allHold([
    holds(own, (seen) => !seen.healthy && seen.answered),
    ...[...needsOf(run, id)].map((need) => holds(looks.get(need), (seen) => seen.healthy)),
  ]);
  const ill = isItself ? await own : undefined;
  if (ill === undefined || ill.healthy) return notTried;
  run.once.add(id);
  run.journal.note({ id, repaired: true });
  try {
    const kind = await repairInPlace(run, id);
    return kind === 'repaired' ? { kind, reason: ill.reason } : { kind };
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Tried again in its turn, with patience.
    return notTried;
  } finally {
    run.once.delete(id);
  }
}

async function holds(told: Promise<Look> | undefined, condition: (seen: Look) => boolean): Promise<boolean> {
  return told !== undefined && condition(await told);
}

/** Told as soon as one does not hold: a machine that is gone may take long to be seen to be so. */
function allHold(conditions: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    for (const condition of conditions) condition.then((isTrue) => isTrue || resolve(false), reject);
    Promise.all(conditions).then((all) => resolve(all.every(Boolean)), reject);
  });
}

/** All that an instance needs, directly or not, without what stands for other deployments or only looks at traffic. */
function needsOf(run: Run, id: string, found = new Set<string>()): ReadonlySet<string> {
  for (const { target } of instanceOf(run, id).relationships) {
    if (found.has(target)) continue;
    if (!standsForDeployment(run, target) && !isProbe(run, target)) found.add(target);
    needsOf(run, target, found);
  }
  return found;
}
