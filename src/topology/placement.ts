import type { Plan } from '../contracts/plan.ts';
import type { InstanceRecord } from '../contracts/record.ts';
import { type Containment, containment } from '../language/plan/containment.ts';
import { nodesInOrder } from './order.ts';

/** An instance of a node or of a scaling group, at its place inside others. */
export type Placed = { readonly id: string; readonly name: string; readonly parent: Placed | null };
export type Placement = {
  readonly inside: Containment;
  /** By the name of a node or a group. */
  readonly byName: ReadonlyMap<string, readonly Placed[]>;
};
/**
 * The instances that something has in one parent, or outside of all.
 * `fresh`: makes a new one.
 */
export type Population = (name: string, parent: Placed | null, fresh: () => Placed) => readonly Placed[];

/** Places every instance: what is inside something has its own number of instances in each instance of that. */
export function place(plan: Plan, newId: (name: string) => string, populate: Population): Placement {
  const inside = containment(plan);
  const byName = new Map<string, readonly Placed[]>();

  function placed(name: string): readonly Placed[] {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const outer = inside.parentOf(name);
    const parents = outer === null ? [null] : placed(outer);
    const own = parents.flatMap((parent) =>
      populate(name, parent, () => ({ id: newId(name), name, parent })),
    );
    byName.set(name, own);
    return own;
  }

  for (const node of nodesInOrder(plan)) placed(node.name);
  for (const group of Object.keys(plan.scalingGroups)) placed(group);
  return { inside, byName };
}

/** The instances that something is inside, the nearest first. */
export function ancestors(instance: Placed): readonly Placed[] {
  const found: Placed[] = [];
  for (let here = instance.parent; here !== null; here = here.parent) found.push(here);
  return found;
}

/** How many instances a node or a group has in each instance of what it is inside. */
export function countOf(plan: Plan, name: string): number {
  return (plan.nodes[name] ?? plan.scalingGroups[name])?.instances.default ?? 0;
}

/** Finds back where recorded instances are. */
export function placementOf(instances: Iterable<InstanceRecord>): ReadonlyMap<string, Placed> {
  const records = new Map([...instances].map((one) => [one.id, one]));
  const placed = new Map<string, Placed>();

  function find(id: string): Placed | null {
    const known = placed.get(id);
    const record = records.get(id);
    if (known !== undefined || record === undefined) return known ?? null;
    let parent = record.containedIn === null ? null : find(record.containedIn);
    for (const group of [...(record.scalingGroups ?? [])].reverse()) {
      const there: Placed = placed.get(group.id) ?? { id: group.id, name: group.name, parent };
      placed.set(group.id, there);
      parent = there;
    }
    const own: Placed = { id, name: record.node, parent };
    placed.set(id, own);
    return own;
  }

  for (const id of records.keys()) find(id);
  return placed;
}
