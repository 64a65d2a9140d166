import type { Plan, PlanNode } from '../contracts/plan.ts';

/** The plan's nodes such that each comes after all its targets; the language has refused cycles. */
export function nodesInOrder(plan: Plan): readonly PlanNode[] {
  const ordered: PlanNode[] = [];
  const visited = new Set<string>();
  for (const name of Object.keys(plan.nodes).sort()) {
    // Without recursion: a chain of ten thousand nodes is as good as any.
    const open = [...enter(name)];
    for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
      const next = step.targets.next();
      if (next.done !== true) open.push(...enter(next.value));
      else {
        ordered.push(step.node);
        open.pop();
      }
    }
  }
  return ordered;

  function enter(name: string): readonly Step[] {
    const node = plan.nodes[name];
    if (node === undefined || visited.has(name)) return [];
    visited.add(name);
    return [{ node, targets: node.relationships.map(({ target }) => target)[Symbol.iterator]() }];
  }
}

type Step = { readonly node: PlanNode; readonly targets: Iterator<string, undefined> };
