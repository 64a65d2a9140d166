import type { Repair, TrafficReturn, Unwell } from '../../contracts/workflows/heal.ts';
import { checkInstance } from './check.ts';
import { lookAtAll, type Seen } from './first-look.ts';
import { type Outcome, inOrder } from './graph.ts';
import { healDeployment, standsForDeployment } from './heal-deployment.ts';
import { healTraffic, isProbe, type TrafficWatch, watchTraffic } from './heal-traffic.ts';
import { runRelationshipStep } from './relationship-steps.ts';
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
 * Looks at every instance at once and repairs in place what nothing stands in the way of; then walks the graph as
 * install does. What needs something that was repaired is linked to it anew and checked again; what is not well is
 * repaired. What is healthy is not touched.
 */
export async function healInstances(run: Run, options: HealOptions): Promise<Healed> {
  const healing: Healing = {
    run,
    options,
    repairs: [],
    unwell: [],
    traffic: [],
    changed: new Set(repairedBefore(run)),
    emptied: new Set(),
    weak: new Set(),
    disturbed: new Set(),
  };
  const atFirst = { watch: watchTraffic(run), seen: lookAtAll(run) };
  const outcomes = await inOrder(
    [...run.journal.instances.keys()],
    (id) => targetsOf(run, id),
    (id) => healInstance(healing, id, atFirst),
  );
  forgetRepairs(run, outcomes);
  return { ...healing, outcomes };
}

/** What an earlier heal repaired without coming to link anew all that uses it. */
function repairedBefore(run: Run): readonly string[] {
  return [...run.journal.instances.values()].flatMap(({ id, repaired }) => (repaired === true ? [id] : []));
}

function forgetRepairs(run: Run, outcomes: ReadonlyMap<string, Outcome>): void {
  for (const id of repairedBefore(run)) {
    const isLinked = usersOf(run, id).every((user) => outcomes.get(user)?.kind === 'done');
    if (isLinked) run.journal.note({ id, repaired: false });
  }
}

type AtFirst = { readonly watch: TrafficWatch; readonly seen: ReadonlyMap<string, Seen> };

async function healInstance(healing: Healing, id: string, { watch, seen }: AtFirst): Promise<void> {
  const { run, changed, disturbed, emptied, weak } = healing;
  const atFirst = seen.get(id);
  const atOnce = await atFirst?.atOnce;
  if (atOnce?.kind === 'repaired') {
    noteRepair(healing, id, atOnce.reason, 'healed');
    changed.add(id);
  }
  const isStarted = instanceOf(run, id).state === 'started';
  if (targetsOf(run, id).some((target) => changed.has(target) || disturbed.has(target))) disturbed.add(id);
  if (targetsOf(run, id).some((target) => weak.has(target))) run.once.add(id);
  if (isStarted && targetsOf(run, id).some((target) => changed.has(target))) await relink(run, id);
  // What was seen before something that it needs was repaired tells nothing any more.
  const isSettled = isStarted && !disturbed.has(id);
  if (isSettled && (atOnce?.kind === 'repaired' || atOnce?.kind === 'recovered')) return;
  if (isStarted && isProbe(run, id)) return healTraffic(healing, id, watch);
  const health = await ((isSettled ? atFirst?.health : undefined) ?? checkInstance(run, id));
  if (health.healthy) return;
  if (isStarted && standsForDeployment(run, id)) return healDeployment(healing, id);
  const action = await repair(healing, id, health.reason, {
    inPlace: !(isSettled && atOnce?.kind === 'in vain'),
  });
  if (action === undefined) return;
  // What was emptied is told by the repair of what contains it.
  if (!emptied.has(id)) noteRepair(healing, id, health.reason, action);
  changed.add(id);
}

async function relink(run: Run, id: string): Promise<void> {
  await runRelationshipStep(run, id, 'preconfigure');
  await runRelationshipStep(run, id, 'postconfigure');
  await runRelationshipStep(run, id, 'establish');
}

function usersOf(run: Run, id: string): readonly string[] {
  return [...run.journal.instances.keys()].filter((user) => targetsOf(run, user).includes(id));
}

function targetsOf(run: Run, id: string): readonly string[] {
  return instanceOf(run, id).relationships.map(({ target }) => target);
}
