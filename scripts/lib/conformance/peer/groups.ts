import type { Json, JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import { bindGroupPolicies } from '../../../../src/language/plan/groups.ts';
import { planScalingGroups } from '../../../../src/language/plan/scaling-groups.ts';
import { type StaticScope, unevaluated } from '../../../../src/language/plan/static.ts';
import type { InstancesTemplate } from '../../../../src/language/sections/scalable.ts';
import type { Node } from '../../../../src/language/source/node.ts';
import { toJson } from '../../../../src/language/source/node.ts';
import type { View } from './view.ts';

export function groupsOf({ blueprint, types, resolver }: Model): JsonObject {
  return Object.fromEntries(
    [...blueprint.groups.values()].map((group) => {
      const policies = bindGroupPolicies(group, blueprint, types, resolver.context).map((policy) => {
        const triggers = policy.triggers.map((one) => [
          one.name,
          { type: one.type, parameters: plain(one.values) },
        ]);
        const shown = {
          type: policy.type,
          properties: plain(policy.values),
          triggers: Object.fromEntries(triggers),
        };
        return [policy.name, shown];
      });
      const members = [...new Set(group.members.map((one) => one.text))];
      return [group.name, { members, policies: Object.fromEntries(policies) }];
    }),
  );
}

function plain(values: ReadonlyMap<string, Node>): JsonObject {
  return Object.fromEntries([...values].map(([name, value]) => [name, toJson(value)]));
}

export function policiesOf({ blueprint }: Model, view: View): JsonObject {
  return Object.fromEntries(
    [...blueprint.policies.values()].map(({ name, type, targets, instances }) => {
      const shown = {
        type: type?.text ?? null,
        targets: targets.map((one) => one.text),
        properties: numbersOf(instances, view),
      };
      return [name, shown];
    }),
  );
}

export function scalingGroupsOf({ blueprint, draft, resolver }: Model, view: View): JsonObject {
  const groups = planScalingGroups(blueprint, draft, unevaluated, resolver.context);
  const policies = [...blueprint.policies.values()];
  return Object.fromEntries(
    Object.entries(groups).map(([name, { members }]) => {
      const policy = policies.filter(({ targets }) => targets.some((one) => one.text === name)).at(-1);
      return [name, { members, properties: policy === undefined ? {} : numbersOf(policy.instances, view) }];
    }),
  );
}

/** How many instances, as the peer tells it. */
export function numbersOf(instances: InstancesTemplate, view: View, scope: StaticScope = {}): JsonObject {
  const number = (node: Node | null, otherwise: number): Json => {
    const value = node === null ? otherwise : view.value(node, scope);
    return value === 'UNBOUNDED' ? -1 : value;
  };
  const wanted = number(instances.default, 1);
  return {
    default_instances: wanted,
    min_instances: number(instances.min, 0),
    max_instances: number(instances.max, -1),
    current_instances: wanted,
    planned_instances: wanted,
  };
}
