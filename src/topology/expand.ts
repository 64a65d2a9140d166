import type { Plan } from '../contracts/plan.ts';
import type { InstanceRecord } from '../contracts/record.ts';
import { recordsOf } from './connect.ts';
import { freshIds } from './ids.ts';
import { nodesInOrder } from './order.ts';
import { countOf, place } from './placement.ts';

/**
 * The node instances of a plan, all uninitialized, targets before sources. A node has its own number of
 * instances in each instance of what it is contained in, and in each instance of its scaling group.
 * `newSuffix` gives a fresh suffix for an id, `x7k2pd`.
 */
export function expand(plan: Plan, newSuffix: () => string): readonly InstanceRecord[] {
  const placement = place(plan, freshIds(newSuffix), (name, _parent, fresh) =>
    Array.from({ length: countOf(plan, name) }, fresh),
  );
  return recordsOf(plan, nodesInOrder(plan), placement);
}
