import type { JsonObject } from '../../../src/contracts/json.ts';
import type { Plan } from '../../../src/contracts/plan.ts';
import type { InstanceRecord } from '../../../src/contracts/record.ts';
import { expand } from '../../../src/topology/expand.ts';
import { modify } from '../../../src/topology/modify.ts';
import { placementOf } from '../../../src/topology/placement.ts';
import type { Case, Outcome } from './case.ts';
import { compileCase } from './compile-case.ts';
import { expansionOf, modificationOf } from './counts.ts';
import { failed } from './plan-case.ts';

type Counted = {
  readonly outcome: Outcome /** What `group` of the case expects, as found. */;
  readonly counts: JsonObject;
};

/** Expands the instances of a case's blueprint. */
export async function expandCase(one: Case): Promise<Counted> {
  const compiled = await compileCase(one, one.inputs ?? {});
  if (compiled.plan === null) return { outcome: failed(compiled), counts: {} };
  const instances = expand(compiled.plan, counter());
  return {
    outcome: { kind: 'ok', value: shown(compiled.plan, instances) },
    counts: expansionOf(instances, compiled.plan),
  };
}

/** Expands them, and then changes their numbers. */
export async function modifyCase(one: Case): Promise<Counted> {
  const compiled = await compileCase(one, one.inputs ?? {});
  if (compiled.plan === null) return { outcome: failed(compiled), counts: {} };
  const newSuffix = counter();
  const before = expand(compiled.plan, newSuffix);
  const changes = Object.entries(one.modified_nodes ?? {}).map(([name, change]) => {
    const { instances, removed_ids_include_hint: remove, removed_ids_exclude_hint: keep } = Object(change);
    return [name, { instances, remove: remove ?? [], keep: keep ?? [] }] as const;
  });
  const modification = modify(compiled.plan, before, Object.fromEntries(changes), newSuffix);
  const { added, removed, instances } = modification;
  const value = {
    ...shown(compiled.plan, instances),
    added: added.map(({ id }) => id),
    removed: removed.map(({ id }) => id),
  };
  return { outcome: { kind: 'ok', value }, counts: modificationOf(before, modification, compiled.plan) };
}

function counter(): () => string {
  let made = 0;
  return () => {
    made += 1;
    return made.toString(36).padStart(6, '0');
  };
}

/** Instances as the peer tells them; of several relationships to one instance it keeps one. */
function shown(plan: Plan, instances: readonly InstanceRecord[]): JsonObject {
  const nodes = new Map(instances.map((one) => [one.id, one.node]));
  const placed = placementOf(instances);
  return {
    node_instances: instances.map((one) => {
      const relationships = one.relationships.map(({ position, target }) => [
        target,
        {
          type: plan.nodes[one.node]?.relationships[position]?.type ?? '',
          target_id: target,
          target_name: nodes.get(target) ?? '',
        },
      ]);
      const host: JsonObject = one.host === null ? {} : { host_id: one.host };
      return {
        id: one.id,
        name: one.node,
        node_id: one.node,
        relationships: Object.values(Object.fromEntries(relationships)),
        scaling_groups: (one.scalingGroups ?? []).map(({ name, id }) => ({ name, id })),
        ...host,
      };
    }),
    scaling_groups: Object.fromEntries(
      Object.entries(plan.scalingGroups).map(([name, { members }]) => [name, { members }]),
    ),
    group_instances: [...placed.values()].filter(({ name }) => Object.hasOwn(plan.scalingGroups, name))
      .length,
  };
}
