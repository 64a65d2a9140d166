import type { Plan, PlanNode, PlanRelationship } from '../contracts/plan.ts';
import type { InstanceRecord } from '../contracts/record.ts';
import { baseTypes, isA } from './hierarchy.ts';
import { ancestors, type Placed, type Placement } from './placement.ts';

type Relationships = InstanceRecord['relationships'];

/** The records of placed instances, each with its relationships; in the order of `nodes`. */
export function recordsOf(
  plan: Plan,
  nodes: readonly PlanNode[],
  placement: Placement,
  previous: ReadonlyMap<string, InstanceRecord> = new Map(),
): readonly InstanceRecord[] {
  const connect = connector(placement, previous);
  return nodes.flatMap((node) => {
    const placed = placement.byName.get(node.name) ?? [];
    const indices = freeIndices(placed, previous);
    return placed.map((one) => recordOf(one, node, indices, connect(one, node), plan, placement, previous));
  });
}

/** Numbers of a node's instances that no earlier one has. */
function* freeIndices(
  placed: readonly Placed[],
  previous: ReadonlyMap<string, InstanceRecord>,
): Generator<number, number> {
  const taken = new Set(placed.flatMap(({ id }) => previous.get(id)?.index ?? []));
  for (let index = 0; ; index += 1) if (!taken.has(index)) yield index;
}

function recordOf(
  placed: Placed,
  node: PlanNode,
  indices: Generator<number, number>,
  relationships: Relationships,
  plan: Plan,
  { inside }: Placement,
  previous: ReadonlyMap<string, InstanceRecord>,
): InstanceRecord {
  const known = previous.get(placed.id);
  if (known !== undefined) return { ...known, relationships };
  const outer = ancestors(placed);
  const nodesAround = outer.filter(({ name }) => !inside.isGroup(name));
  const end = outer.findIndex(({ name }) => !inside.isGroup(name));
  const groups = outer.slice(0, end < 0 ? outer.length : end).map(({ name, id }) => ({ name, id }));
  const host = [placed, ...nodesAround].find(({ name }) =>
    isA(plan.nodes[name]?.typeHierarchy ?? [], baseTypes.compute),
  );
  return {
    id: placed.id,
    node: node.name,
    index: indices.next().value,
    containedIn: nodesAround[0]?.id ?? null,
    ...(groups.length === 0 ? {} : { scalingGroups: groups }),
    host: host?.id ?? null,
    relationships,
    state: 'uninitialized',
    runtimeProperties: {},
  };
}

function connector(placement: Placement, previous: ReadonlyMap<string, InstanceRecord>) {
  const chosen = new Map<string, Placed | undefined>();
  const partitions = new Map<string, ReadonlyMap<string, readonly Placed[]>>();

  return (source: Placed, node: PlanNode): Relationships =>
    node.relationships.flatMap((relationship, position) =>
      targetsOf(source, node, relationship, position).map(({ id }) => ({ position, target: id })),
    );

  function targetsOf(
    source: Placed,
    node: PlanNode,
    { target, typeHierarchy, properties }: PlanRelationship,
    position: number,
  ): readonly Placed[] {
    if (isA(typeHierarchy, baseTypes.containedIn)) {
      return ancestors(source)
        .filter(({ name }) => name === target)
        .slice(0, 1);
    }
    const candidates = placement.byName.get(target) ?? [];
    const group = placement.inside.sharedGroup(node.name, target);
    // Instances of a group are connected to those of the same instance of the group only.
    if (group !== null) return partition(target, group, candidates).get(within(source, group) ?? '') ?? [];
    if (properties['connection_type'] !== 'all_to_one') return candidates;
    const one = theOne(node, position, candidates);
    return one === undefined ? [] : [one];
  }

  function partition(target: string, group: string, candidates: readonly Placed[]) {
    const key = `${target}\0${group}`;
    const known = partitions.get(key);
    if (known !== undefined) return known;
    const parts = new Map<string, Placed[]>();
    for (const candidate of candidates) {
      const id = within(candidate, group) ?? '';
      const part = parts.get(id);
      if (part === undefined) parts.set(id, [candidate]);
      else part.push(candidate);
    }
    partitions.set(key, parts);
    return parts;
  }

  /** All sources have the same target, and keep it while it lives. */
  function theOne(node: PlanNode, position: number, candidates: readonly Placed[]): Placed | undefined {
    const key = `${node.name}\0${position}`;
    if (!chosen.has(key)) {
      const earlier = new Set<string>();
      for (const record of previous.values()) {
        if (record.node !== node.name) continue;
        for (const one of record.relationships) if (one.position === position) earlier.add(one.target);
      }
      const kept = candidates.find(({ id }) => earlier.has(id));
      chosen.set(key, kept ?? [...candidates].sort((a, b) => (a.id < b.id ? -1 : 1))[0]);
    }
    return chosen.get(key);
  }
}

/** The id of the group's instance that something is in. */
function within(placed: Placed, group: string): string | undefined {
  return ancestors(placed).find(({ name }) => name === group)?.id;
}
