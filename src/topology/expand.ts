import type { Plan, PlanNode } from '../contracts/plan.ts';
import type { InstanceRecord } from '../contracts/record.ts';
import { baseTypes, isA } from './hierarchy.ts';

/**
 * The node instances of a plan, all uninitialized, targets before sources. A node has its own number of
 * instances in each instance of what it is contained in.
 * `newSuffix` gives a fresh suffix for an id, `x7k2pd`.
 */
export function expand(plan: Plan, newSuffix: () => string): readonly InstanceRecord[] {
  const byNode = new Map<string, readonly InstanceRecord[]>();
  const taken = new Set<string>();
  for (const node of targetsFirst(plan)) {
    const container = containerOf(node);
    const instances = copies(node, container === undefined ? undefined : byNode.get(container)).map(
      (containedIn, index) => {
        const id = freshId(node.name, newSuffix, taken);
        return instance(node, { id, index, containedIn }, byNode);
      },
    );
    byNode.set(node.name, instances);
  }
  return [...byNode.values()].flat();
}

/** For each instance to be, the instance that contains it. */
function copies(
  node: PlanNode,
  containers: readonly InstanceRecord[] | undefined,
): readonly (InstanceRecord | null)[] {
  const own = Array.from({ length: node.instances.default });
  return containers === undefined
    ? own.map(() => null)
    : containers.flatMap((container) => own.map(() => container));
}

function instance(
  node: PlanNode,
  place: { readonly id: string; readonly index: number; readonly containedIn: InstanceRecord | null },
  byNode: ReadonlyMap<string, readonly InstanceRecord[]>,
): InstanceRecord {
  const { id, index, containedIn } = place;
  return {
    id,
    node: node.name,
    index,
    containedIn: containedIn?.id ?? null,
    host: isA(node.typeHierarchy, baseTypes.compute) ? id : (containedIn?.host ?? null),
    relationships: node.relationships.flatMap((relationship, position) =>
      targetInstances(relationship, containedIn, byNode.get(relationship.target) ?? []).map((target) => ({
        position,
        target: target.id,
      })),
    ),
    state: 'uninitialized',
    runtimeProperties: {},
  };
}

function targetInstances(
  relationship: PlanNode['relationships'][number],
  container: InstanceRecord | null,
  candidates: readonly InstanceRecord[],
): readonly InstanceRecord[] {
  if (isA(relationship.typeHierarchy, baseTypes.containedIn)) {
    return candidates.filter((candidate) => candidate.id === container?.id);
  }
  return relationship.properties['connection_type'] === 'all_to_one'
    ? [...candidates].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, 1)
    : candidates;
}

function containerOf(node: PlanNode): string | undefined {
  return node.relationships.find(({ typeHierarchy }) => isA(typeHierarchy, baseTypes.containedIn))?.target;
}

/** The plan's nodes such that each comes after all its targets; the language has refused cycles. */
function targetsFirst(plan: Plan): readonly PlanNode[] {
  const ordered: PlanNode[] = [];
  const visited = new Set<string>();
  for (const name of Object.keys(plan.nodes).sort()) visit(name);
  return ordered;

  function visit(name: string): void {
    const node = plan.nodes[name];
    if (node === undefined || visited.has(name)) return;
    visited.add(name);
    for (const { target } of node.relationships) visit(target);
    ordered.push(node);
  }
}

function freshId(node: string, newSuffix: () => string, taken: Set<string>): string {
  for (;;) {
    const id = `${node}_${newSuffix()}`;
    if (!taken.has(id)) {
      taken.add(id);
      return id;
    }
  }
}
