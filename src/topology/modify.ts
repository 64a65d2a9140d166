import type { Plan } from '../contracts/plan.ts';
import type { InstanceRecord } from '../contracts/record.ts';
import { recordsOf } from './connect.ts';
import { freshIds } from './ids.ts';
import { nodesInOrder } from './order.ts';
import { countOf, place, type Placed, placementOf } from './placement.ts';

/** How many instances a node or a scaling group is to have in each instance of what it is inside. */
export type Change = {
  readonly instances: number;
  /** Instances to be removed first, or to be kept; of a group, by any instance in it. */
  readonly remove?: readonly string[];
  readonly keep?: readonly string[];
};

export type Modification = {
  /** All that there is afterwards, targets before sources. */
  readonly instances: readonly InstanceRecord[];
  readonly added: readonly InstanceRecord[];
  readonly removed: readonly InstanceRecord[];
};

/** What changing numbers of instances makes of a deployment's instances. Those that stay keep their ids. */
export function modify(
  plan: Plan,
  present: readonly InstanceRecord[],
  changes: Readonly<Record<string, Change>>,
  newSuffix: () => string,
): Modification {
  const placed = placementOf(present);
  const children = childrenByParent(placed.values());
  const previous = new Map(present.map((one) => [one.id, one]));
  const newId = freshIds(newSuffix, placed.keys());
  const placement = place(plan, newId, (name, parent, fresh) => {
    const there = children.get(keyOf(name, parent)) ?? [];
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
    const wanted = change?.instances ?? Math.max(countOf(plan, name), there.length);
    const kept = change === undefined ? there : keepers(there, wanted, change, placed);
    const more = Array.from({ length: Math.max(0, wanted - kept.length) }, fresh);
    return [...kept, ...more];
  });
  const instances = recordsOf(plan, nodesInOrder(plan), placement, previous);
  const after = new Set(instances.map((one) => one.id));
  return {
    instances,
    added: instances.filter((one) => !previous.has(one.id)),
    removed: present.filter((one) => !after.has(one.id)),
  };
}

function keyOf(name: string, parent: Placed | null): string {
  return `${name}\0${parent?.id ?? ''}`;
}

function childrenByParent(placed: Iterable<Placed>): ReadonlyMap<string, readonly Placed[]> {
  const children = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = keyOf(one.name, one.parent);
    const there = children.get(key);
    if (there === undefined) children.set(key, [one]);
    else there.push(one);
  }
  return children;
}

/** Which instances stay: the first ones, but for what was asked for by name. */
function keepers(
  there: readonly Placed[],
  wanted: number,
  { remove = [], keep = [] }: Change,
  placed: ReadonlyMap<string, Placed>,
): readonly Placed[] {
  const named = (ids: readonly string[]) => new Set(ids.flatMap((id) => lineage(placed.get(id))));
  const first = named(remove);
  const last = named(keep);
  const rank = ({ id }: Placed) => (first.has(id) ? 2 : last.has(id) ? 0 : 1);
  const ordered = [...there].sort((a, b) => rank(a) - rank(b));
  const kept = new Set(ordered.slice(0, wanted));
  return there.filter((one) => kept.has(one));
}

/** An instance and all that it is inside. */
function lineage(placed: Placed | undefined): readonly string[] {
  const ids: string[] = [];
  for (let here = placed ?? null; here !== null; here = here.parent) ids.push(here.id);
  return ids;
}
