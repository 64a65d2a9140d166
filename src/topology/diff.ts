import type { Json, JsonObject } from '../contracts/json.ts';
import type { Plan, PlanNode } from '../contracts/plan.ts';
import { sameJson } from '../contracts/same-json.ts';

/** One thing that two plans have differently. */
export type Difference = {
  readonly change: 'added' | 'removed' | 'changed';
  /**
   * What it is, from the outside in: `['nodes', 'web']`, `['nodes', 'web', 'properties', 'port']`,
   * `['nodes', 'web', 'relationships', 'cloudify.relationships.connected_to host']`, `['outputs', 'url']`.
   */
  readonly path: readonly string[];
  /** Null when it was added. */
  readonly before: Json;
  /** Null when it was removed. */
  readonly after: Json;
};

/** What differs between two plans: a node as a whole where it is new or gone, else each value of it. */
export function diff(before: Plan, after: Plan): readonly Difference[] {
  return [
    ...ofTable(['inputs'], before.inputs, after.inputs),
    ...[...namesOf(before.nodes, after.nodes)].flatMap((name) =>
      ofNode(['nodes', name], own(before.nodes, name), own(after.nodes, name)),
    ),
    ...ofTable(['scalingGroups'], before.scalingGroups, after.scalingGroups),
    ...ofTable(['outputs'], before.outputs, after.outputs),
    ...ofTable(['capabilities'], before.capabilities, after.capabilities),
  ];
}

function ofNode(
  path: readonly string[],
  before: PlanNode | undefined,
  after: PlanNode | undefined,
): readonly Difference[] {
  if (before === undefined || after === undefined) return ofValue(path, before, after);
  return [
    ...ofValue([...path, 'type'], before.type, after.type),
    ...ofTable([...path, 'properties'], before.properties, after.properties),
    ...ofTable([...path, 'operations'], before.operations, after.operations),
    ...ofTable([...path, 'instances'], before.instances, after.instances),
    ...ofTable([...path, 'relationships'], relationshipsOf(before), relationshipsOf(after)),
  ];
}

/** By type and target; a second one of the same has its number behind. Their order does not count. */
function relationshipsOf({ relationships }: PlanNode): JsonObject {
  const counts = new Map<string, number>();
  const byName = relationships.map((relationship) => {
    const name = `${relationship.type} ${relationship.target}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [count === 1 ? name : `${name} #${count}`, relationship] as const;
  });
  return Object.fromEntries(byName);
}

function ofTable(path: readonly string[], before: JsonObject, after: JsonObject): readonly Difference[] {
  return [...namesOf(before, after)].flatMap((name) =>
    ofValue([...path, name], own(before, name), own(after, name)),
  );
}

function ofValue(
  path: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
): readonly Difference[] {
  if (before === undefined)
    return after === undefined ? [] : [{ change: 'added', path, before: null, after }];
  if (after === undefined) return [{ change: 'removed', path, before, after: null }];
  return sameJson(before, after) ? [] : [{ change: 'changed', path, before, after }];
}

function namesOf(before: object, after: object): ReadonlySet<string> {
  return new Set([...Object.keys(before), ...Object.keys(after)]);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
