import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import type { Plan } from '../../../src/contracts/plan.ts';
import type { InstanceRecord } from '../../../src/contracts/record.ts';
import type { Modification } from '../../../src/topology/modify.ts';
import { ancestors, type Placed, placementOf } from '../../../src/topology/placement.ts';

/** Counts of instances, of instances of groups with their members, and of relationships. */
export function expansionOf(instances: readonly InstanceRecord[], plan: Plan): JsonObject {
  const placed = placementOf(instances);
  const all = new Set(instances.map(({ id }) => id));
  return {
    expected_instances: byNode(instances),
    expected_groups: membersOf(groupInstances(placed, plan), all, placed),
    expected_relationships: relationshipsOf(instances, placed, () => true),
  };
}

export function modificationOf(
  before: readonly InstanceRecord[],
  { instances, added, removed }: Modification,
  plan: Plan,
): JsonObject {
  return {
    ...oneSide('added', added, instances, before, plan),
    ...oneSide('removed', removed, before, instances, plan),
  };
}

/** What is on one side only, with what on this side is related to it. */
function oneSide(
  word: string,
  only: readonly InstanceRecord[],
  here: readonly InstanceRecord[],
  there: readonly InstanceRecord[],
  plan: Plan,
): JsonObject {
  const placed = placementOf(here);
  const groups = groupInstances(placed, plan);
  const others = placementOf(there);
  const changed = new Set(only.map(({ id }) => id));
  const related = here.filter(
    ({ id }) => !changed.has(id) && neighbours(id, here).some((one) => changed.has(one)),
  );
  const touched = new Set([...changed, ...related.map(({ id }) => id)]);
  const [fresh, old] = [
    groups.filter(({ id }) => !others.has(id)),
    groups.filter(({ id }) => others.has(id)),
  ];
  return {
    [`expected_${word}_instances`]: byNode(only),
    [`expected_related_to_${word}_instances`]: byNode(related),
    [`expected_${word}_groups`]: membersOf(fresh, changed, placed),
    [`expected_${word}_and_related_group_members`]: membersOf(old, touched, placed),
    [`expected_${word}_relationships`]: relationshipsOf(
      here,
      placed,
      (source, target) => changed.has(source) || changed.has(target),
    ),
  };
}

function neighbours(id: string, instances: readonly InstanceRecord[]): readonly string[] {
  const targets = instances.find((one) => one.id === id)?.relationships.map(({ target }) => target) ?? [];
  const sources = instances.filter((one) => one.relationships.some(({ target }) => target === id));
  return [...targets, ...sources.map((one) => one.id)];
}

function byNode(instances: readonly InstanceRecord[]): JsonObject {
  return tally(instances.map(({ node }) => node));
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function groupInstances(placed: ReadonlyMap<string, Placed>, plan: Plan): readonly Placed[] {
  return [...placed.values()].filter(({ name }) => Object.hasOwn(plan.scalingGroups, name));
}

/** For each group: how many of its instances hold some of the node instances, and how many of each node. */
function membersOf(
  groups: readonly Placed[],
  among: ReadonlySet<string>,
  placed: ReadonlyMap<string, Placed>,
): JsonObject {
  const shown: Record<string, { instances: number; members: JsonObject }> = {};
  for (const group of groups) {
    const inside = [...among]
      .flatMap((id) => placed.get(id) ?? [])
      .filter((one) => ancestors(one).includes(group));
    if (inside.length === 0) continue;
    const members = tally(inside.map(({ name }) => name));
    const known = shown[group.name];
    // Instances of one group that hold different things are told by the first, and so found to be wrong.
    if (known === undefined) shown[group.name] = { instances: 1, members };
    else if (isDeepStrictEqual(known.members, members)) known.instances += 1;
  }
  return shown;
}

/** For each pair of nodes, the clusters into which their relationships fall. */
function relationshipsOf(
  instances: readonly InstanceRecord[],
  placed: ReadonlyMap<string, Placed>,
  counts: (source: string, target: string) => boolean,
): JsonObject {
  const nodes = new Map(instances.map(({ id, node }) => [id, node]));
  const clusters = new Map<string, Map<string, { sources: string[]; targets: string[] }>>();
  for (const { id, node, relationships } of instances) {
    const byTarget = new Map<string, Set<string>>();
    for (const { target } of relationships) {
      const name = nodes.get(target);
      if (name === undefined || !counts(id, target)) continue;
      byTarget.set(name, (byTarget.get(name) ?? new Set()).add(target));
    }
    for (const [name, targets] of byTarget) {
      const pair = `${node}\0${name}`;
      const sorted = [...targets].sort();
      const known = clusters.get(pair) ?? new Map();
      const cluster = known.get(sorted.join()) ?? { sources: [], targets: sorted };
      cluster.sources.push(id);
      clusters.set(pair, known.set(sorted.join(), cluster));
    }
  }
  const shown: Record<string, Json[]> = {};
  for (const [pair, found] of clusters) {
    const [source = '', target = ''] = pair.split('\0');
    const all = [...found.values()];
    const [first] = all;
    if (first === undefined) continue;
    (shown[source] ??= []).push({
      target,
      count: all.length,
      source_count: first.sources.length,
      target_count: first.targets.length,
      groups: sharedGroups([...first.sources, ...first.targets], placed),
    });
  }
  return shown;
}

function sharedGroups(ids: readonly string[], placed: ReadonlyMap<string, Placed>): readonly string[] {
  const [first, ...rest] = ids.map((id) => {
    const one = placed.get(id);
    return one === undefined ? [] : ancestors(one);
  });
  return (first ?? [])
    .filter((group) => rest.every((other) => other.includes(group)))
    .map(({ name }) => name);
}

/** What a case expects of counts and does not find. */
export function failedCounts(expected: JsonObject, found: JsonObject): readonly string[] {
  const absent: JsonObject = { expected_added_instances: {}, expected_removed_instances: {} };
  const isChange = Object.hasOwn(found, 'expected_added_instances');
  return Object.entries({ ...(isChange ? absent : {}), ...expected }).flatMap(([key, wanted]) => {
    const there = found[key] ?? null;
    const same = comparisonOf(key)(wanted, there);
    return same ? [] : [`${key}: ${JSON.stringify(wanted)}, not ${JSON.stringify(there)}`];
  });
}

function comparisonOf(key: string): (wanted: Json, found: Json) => boolean {
  if (key.endsWith('relationships')) return sameRelationships;
  return key.endsWith('group_members') ? within : isDeepStrictEqual;
}

/** Of the groups that are there anyway, those are looked at that the case names. */
function within(wanted: Json, found: Json): boolean {
  return Object.entries(Object(wanted)).every(([group, one]) => isDeepStrictEqual(one, Object(found)[group]));
}

function sameRelationships(wanted: Json, found: Json): boolean {
  return Object.entries(Object(wanted)).every(([source, one]) => {
    const there: unknown = Object(found)[source];
    return [one]
      .flat()
      .every((each) => Array.isArray(there) && there.some((other) => sameCluster(each, other)));
  });
}

function sameCluster(wanted: unknown, found: unknown): boolean {
  const { groups, ...numbers } = Object(wanted);
  const { groups: shared, ...others } = Object(found);
  return isDeepStrictEqual(numbers, others) && [groups ?? []].flat().every((group) => shared.includes(group));
}
