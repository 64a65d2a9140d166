import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { Plan, PlanNode, PlanOperation } from '../../contracts/plan.ts';
import type { InstanceRecord } from '../../contracts/record.ts';
import { asCall } from '../../language/functions/names.ts';
import { installOrder } from '../../workflows/lifecycle/interfaces.ts';

/** An operation that an install would run. */
export type PlannedStep = {
  readonly instance: string;
  /** The instance at the other end, of a relationship's operation. */
  readonly target: string | null;
  /** At which end of a relationship it runs; null: it is the node's own. */
  readonly end: 'source' | 'target' | null;
  readonly operation: string;
  readonly implementation: string;
  readonly inputs: JsonObject;
  /** Inputs, and the parts of them, that are known only when it runs. */
  readonly unresolved: readonly Unresolved[];
};
/** `path`: as `inputs.address` or `inputs.items.0`. `value`: the function that gives it. */
export type Unresolved = { readonly path: string; readonly value: Json };

/** The operations of an install, in an order in which they could run one after the other. */
export function stepsOf(plan: Plan, instances: readonly InstanceRecord[]): readonly PlannedStep[] {
  const named = new Set(Object.values(plan.nodes).flatMap(operationNames));
  const order = installOrder.filter((name) => named.has(name));
  return instances.flatMap((instance) => order.flatMap((name) => stepsNamed(name, instance, plan)));
}

function operationNames({ operations, relationships }: PlanNode): readonly string[] {
  const ofRelationships = relationships.flatMap(({ sourceOperations, targetOperations }) => [
    ...Object.keys(sourceOperations),
    ...Object.keys(targetOperations),
  ]);
  return [...Object.keys(operations), ...ofRelationships];
}

function stepsNamed(name: string, instance: InstanceRecord, plan: Plan): readonly PlannedStep[] {
  const node = plan.nodes[instance.node];
  const own = stepOf(node?.operations[name], name, instance.id, null, null);
  const ofRelationships = instance.relationships.flatMap(({ position, target }) => {
    const { sourceOperations = {}, targetOperations = {} } = node?.relationships[position] ?? {};
    return [
      ...stepOf(sourceOperations[name], name, instance.id, target, 'source'),
      ...stepOf(targetOperations[name], name, instance.id, target, 'target'),
    ];
  });
  return [...own, ...ofRelationships];
}

function stepOf(
  planned: PlanOperation | undefined,
  operation: string,
  instance: string,
  target: string | null,
  end: PlannedStep['end'],
): readonly PlannedStep[] {
  if (planned === undefined) return [];
  const { implementation, inputs } = planned;
  return [
    { instance, target, end, operation, implementation, inputs, unresolved: unresolvedIn(inputs, 'inputs') },
  ];
}

function unresolvedIn(value: Json, path: string): readonly Unresolved[] {
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => unresolvedIn(item, `${path}.${index}`));
  if (!isJsonObject(value)) return [];
  if (asCall(value) !== null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, item]) => unresolvedIn(item, `${path}.${key}`));
}
