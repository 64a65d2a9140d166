import type { PlanScalingGroup } from '../../contracts/plan.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import type { Context } from '../sections/context.ts';
import type { Draft } from './draft.ts';
import { containersOf } from './graph.ts';
import { type GroupTree, groupTree } from './group-tree.ts';
import { planInstances } from './instances.ts';
import type { StaticEvaluator } from './static.ts';

/** The groups that policies scale, with what is directly in each: a node is not in a group beside its container. */
export function planScalingGroups(
  { policies, groups }: Blueprint,
  draft: Draft,
  evaluate: StaticEvaluator,
  context: Context,
): Readonly<Record<string, PlanScalingGroup>> {
  const scaled = new Map<string, PlanScalingGroup['instances']>();
  for (const policy of policies.values()) {
    const instances = planInstances(policy, {}, evaluate, context);
    for (const target of policy.targets) scaled.set(target.text, instances);
  }
  const declared = [...groups.values()].filter((group) => scaled.has(group.name));
  const removed = containedMembers(declared, groupTree(declared), draft);
  const planned = declared.map(({ name, members }) => {
    const kept = [...new Set(members.map((one) => one.text))].filter(
      (member) => removed.get(name)?.has(member) !== true,
    );
    const instances = scaled.get(name) ?? { default: 1, min: 0, max: null };
    return [name, { members: kept, instances }] as const;
  });
  return Object.fromEntries(planned);
}

/** What is in a group only because its container is: it comes with that. By the group's name. */
function containedMembers(
  groups: Iterable<{ readonly members: readonly { readonly text: string }[] }>,
  tree: GroupTree,
  draft: Draft,
): ReadonlyMap<string, ReadonlySet<string>> {
  const removed = new Map<string, Set<string>>();
  for (const { members } of groups) {
    for (const { text: member } of members) {
      const own = tree.groupsOf(member);
      for (const container of containersOf(member, draft)) {
        const others = tree.groupsOf(container);
        const shared = own.find((group) => others.includes(group));
        if (shared === undefined) continue;
        // Its own place in the shared group, or that of the group which brings it there.
        const inside = own[own.indexOf(shared) - 1] ?? member;
        removed.set(shared, (removed.get(shared) ?? new Set()).add(inside));
      }
    }
  }
  return removed;
}
