import type { Group } from '../sections/groups.ts';

/** How scaling groups contain nodes and each other. */
export type GroupTree = {
  /** The groups that a node or a group is in, the innermost first. */
  readonly groupsOf: (member: string) => readonly string[];
  /** All nodes of a group and of the groups in it; null when it contains itself. */
  readonly nodesOf: (group: string) => ReadonlySet<string> | null;
};

export function groupTree(groups: readonly Pick<Group, 'name' | 'members'>[]): GroupTree {
  const members = new Map(groups.map((one) => [one.name, one.members.map((member) => member.text)]));
  const owner = new Map(
    groups.flatMap((one) => one.members.map((member) => [member.text, one.name] as const)),
  );

  function groupsOf(member: string): readonly string[] {
    const found: string[] = [];
    for (let here = owner.get(member); here !== undefined && !found.includes(here); here = owner.get(here)) {
      found.push(here);
    }
    return found;
  }

  function nodesOf(group: string, open = new Set<string>()): ReadonlySet<string> | null {
    if (open.has(group)) return null;
    open.add(group);
    const nodes = new Set<string>();
    for (const member of members.get(group) ?? []) {
      const inner = members.has(member) ? nodesOf(member, open) : [member];
      if (inner === null) return null;
      for (const node of inner) nodes.add(node);
    }
    open.delete(group);
    return nodes;
  }

  return { groupsOf, nodesOf: (group) => nodesOf(group) };
}
