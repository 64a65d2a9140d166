import type { Health } from '../../contracts/operation.ts';
import type { Repair, TrafficReturn, Unwell } from '../../contracts/workflows/heal.ts';
import { checkInstance } from './check.ts';
import { type Outcome, inOrder } from './graph.ts';
import { healDeployment, standsForDeployment } from './heal-deployment.ts';
import { healTraffic, isProbe, type TrafficWatch, watchTraffic } from './heal-traffic.ts';
import { isStale, relink } from './relink.ts';
import { noteRepair, repair } from './repair.ts';
import { instanceOf, type Run } from './run.ts';

export type HealOptions = {
  /** Whether an instance that cannot be repaired in place may be made anew. */
  readonly reinstall: boolean;
};

/** One heal at work: what it has found and done so far. */
export type Healing = {
  readonly run: Run;
  readonly options: HealOptions;
  readonly repairs: Repair[];
  readonly unwell: Unwell[];
  readonly traffic: TrafficReturn[];
  /** What was repaired, or offers other attributes than before: those that use it are linked to it anew. */
  readonly changed: Set<string>;
  /** Removed with what contained them; each is installed when its turn comes. */
  readonly emptied: Set<string>;
  /** Stand for deployments that are not well and are not healed. */
  readonly weak: Set<string>;
  /** Need, directly or not, something that was changed while this heal was at work. */
  readonly disturbed: Set<string>;
};

export type Healed = Pick<Healing, 'repairs' | 'unwell' | 'traffic'> & {
  readonly outcomes: ReadonlyMap<string, Outcome>;
};

/**
 * Looks at every instance at once, then walks the graph as install does. What needs something that was repaired is
 * linked to it anew and checked again; what is not well is repaired. What is healthy is not touched.
 */
export async function healInstances(run: Run, options: HealOptions): Promise<Healed> {
  const healing: Healing = {
    run,
    options,
    repairs: [],
    unwell: [],
    traffic: [],
    changed: new Set(),
    emptied: new Set(),
    weak: new Set(),
    disturbed: new Set(),
  };
  const watch = watchTraffic(run);
  const atFirst = checkAll(run);
  const outcomes = await inOrder(
    [...run.journal.instances.keys()],
    (id) => targetsOf(run, id),
    (id) => healInstance(healing, id, { watch, atFirst }),
  );
  return { ...healing, outcomes };
}

type FirstLook = { readonly watch: TrafficWatch; readonly atFirst: ReadonlyMap<string, Promise<Health>> };

/** The instances that a check of their own tells of, without those that stand for more than themselves. */
function checkAll(run: Run): ReadonlyMap<string, Promise<Health>> {
  const own = [...run.journal.instances.values()].filter(
    ({ id, state }) => state === 'started' && !standsForDeployment(run, id) && !isProbe(run, id),
  );
  const checks = new Map(own.map(({ id }) => [id, checkInstance(run, id)] as const));
  // Nobody may want to know any more when it is told.
  for (const health of checks.values()) health.catch(() => undefined);
  return checks;
}

async function healInstance(healing: Healing, id: string, { watch, atFirst }: FirstLook): Promise<void> {
  const { run, changed, disturbed, emptied, weak } = healing;
  const isStarted = instanceOf(run, id).state === 'started';
  if (targetsOf(run, id).some((target) => changed.has(target) || disturbed.has(target))) disturbed.add(id);
  if (targetsOf(run, id).some((target) => weak.has(target))) run.once.add(id);
  const isOutdated = isStale(run, id) || targetsOf(run, id).some((target) => changed.has(target));
  if (isOutdated) disturbed.add(id);
  if (isStarted && isOutdated) await relink(run, id);
  if (isStarted && standsForDeployment(run, id)) return healDeployment(healing, id);
  if (isStarted && isProbe(run, id)) return healTraffic(healing, id, watch);
  // What was seen before something that it needs was repaired tells nothing any more.
  const seen = isStarted && !disturbed.has(id) ? atFirst.get(id) : undefined;
  const health = await (seen ?? checkInstance(run, id));
  if (health.healthy) return;
  const action = await repair(healing, id, health.reason);
  // What was emptied is told by the repair of what contains it.
  if (!emptied.has(id)) noteRepair(healing, id, health.reason, action);
  changed.add(id);
}

function targetsOf(run: Run, id: string): readonly string[] {
  return instanceOf(run, id).relationships.map(({ target }) => target);
}
