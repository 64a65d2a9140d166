import type { Plan, PlanNode } from '../../contracts/plan.ts';

const containedIn = 'cloudify.relationships.contained_in';

/** How the nodes and scaling groups of a plan are inside each other: a forest. */
export type Containment = {
  /** The group or the node that something is directly in; null: in nothing. */
  readonly parentOf: (name: string) => string | null;
  readonly isGroup: (name: string) => boolean;
  /** The innermost group that both are in, at any depth; null when there is none. */
  readonly sharedGroup: (one: string, other: string) => string | null;
};

export function containment(plan: Pick<Plan, 'nodes' | 'scalingGroups'>): Containment {
  const parents = new Map<string, string>();
  for (const node of Object.values(plan.nodes)) {
    const container = containerOf(node);
    if (container !== null) parents.set(node.name, container);
  }
  const groups = Object.entries(plan.scalingGroups);
  const containers = new Map(parents);
  for (const [name, group] of groups) for (const member of group.members) parents.set(member, name);
  for (const [name] of groups) {
    // A group is in what its members are contained in.
    const container = parents.has(name) ? null : containerOfGroup(name, plan, containers);
    if (container !== null) parents.set(name, container);
  }
  const isGroup = (name: string) => Object.hasOwn(plan.scalingGroups, name);

  function groupsAround(name: string): readonly string[] {
    const found: string[] = [];
    const seen = new Set<string>();
    for (let here = parents.get(name); here !== undefined && !seen.has(here); here = parents.get(here)) {
      seen.add(here);
      if (isGroup(here)) found.push(here);
    }
    return found;
  }

  return {
    parentOf: (name) => parents.get(name) ?? null,
    isGroup,
    sharedGroup: (one, other) => {
      if (groups.length === 0) return null;
      const others = new Set(groupsAround(other));
      return groupsAround(one).find((group) => others.has(group)) ?? null;
    },
  };
}

function containerOf(node: PlanNode): string | null {
  const found = node.relationships.find(({ typeHierarchy }) => typeHierarchy.includes(containedIn));
  return found?.target ?? null;
}

function containerOfGroup(
  name: string,
  plan: Pick<Plan, 'scalingGroups'>,
  containers: ReadonlyMap<string, string>,
): string | null {
  const seen = new Set([name]);
  for (const group of seen) {
    for (const member of plan.scalingGroups[group]?.members ?? []) {
      const container = containers.get(member);
      if (container !== undefined) return container;
      if (Object.hasOwn(plan.scalingGroups, member)) seen.add(member);
    }
  }
  return null;
}
