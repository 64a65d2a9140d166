import type { JsonObject } from '../../contracts/json.ts';
import type { Plan, PlanNode, PlanOperation, PlanRelationship, PlanValue } from '../../contracts/plan.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import { type Context, recalled } from '../sections/context.ts';
import type { Output } from '../sections/outputs.ts';
import { type Node, toJson } from '../source/node.ts';
import type { Operation } from '../types/merge-operation.ts';
import type { Draft, DraftNode, DraftRelationship } from './draft.ts';
import { isHosted } from './graph.ts';
import { resolveImplementation, type Resolver } from './implementations.ts';
import { planInstances } from './instances.ts';
import { planScalingGroups } from './scaling-groups.ts';
import { type Evaluation, type StaticEvaluator, type StaticScope, unevaluated } from './static.ts';

export type Building = {
  readonly blueprint: Blueprint;
  readonly draft: Draft;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly evaluation: Evaluation;
  readonly resolver: Resolver;
  readonly context: Context;
};

/** Writes the plan, with every function evaluated that can be. */
export function buildPlan(building: Building): Plan {
  const { blueprint, draft, inputs, evaluation, context } = building;
  const { evaluate } = evaluation;
  const nodes = planNodes(building);
  return {
    description: blueprint.description,
    // An input is evaluated where something reads it: SELF is of the reader.
    inputs: toObject(inputs),
    nodes: Object.fromEntries(nodes),
    scalingGroups: planScalingGroups(blueprint, draft, evaluate, context),
    outputs: planOutputs(blueprint.outputs, evaluate),
    capabilities: planOutputs(blueprint.capabilities, evaluate),
  };
}

function planNodes(building: Building): readonly (readonly [string, PlanNode])[] {
  const { draft, evaluation, resolver, context } = building;
  const scripts = [...resolver.scripts].join('\n');
  const blueprints = JSON.stringify([...resolver.blueprints]);
  return [...draft.values()].map((node) => {
    const planned = recalled(
      'plan',
      [node, resolver.plugins, scripts, blueprints],
      context,
      (inner) =>
        evaluation.traced(() =>
          planNode(node, { ...building, context: inner, resolver: { ...resolver, context: inner } }),
        ),
      evaluation.holds,
    );
    return [node.template.name, planned.result] as const;
  });
}

function planNode(node: DraftNode, building: Building): PlanNode {
  const { template, type, properties } = node;
  const { evaluate } = building.evaluation;
  const scope = { SELF: template.name };
  const hosted = () => isHosted(node, building.evaluation.node);
  const planOne: PlanOne = (operation) => planOperation(operation, scope, 'unknown-plugin', hosted, building);
  return {
    name: template.name,
    type: type.name,
    typeHierarchy: type.hierarchy,
    properties: evaluateAll(properties, scope, evaluate),
    operations: planOperations(node.operations, planOne),
    relationships: node.relationships.map((one) => planRelationship(one, node, building)),
    instances: planInstances(template, scope, evaluate, building.context),
  };
}

function planRelationship(
  relationship: DraftRelationship,
  source: DraftNode,
  building: Building,
): PlanRelationship {
  const { type, target, properties } = relationship;
  const { evaluate, node: nodeOf } = building.evaluation;
  const scope = { SOURCE: source.template.name, TARGET: target };
  const side = (node: DraftNode | undefined): PlanOne => {
    const hosted = () => node !== undefined && isHosted(node, nodeOf);
    return (operation) => planOperation(operation, scope, 'unknown-plugin-of-relationship', hosted, building);
  };
  return {
    type: type.name,
    typeHierarchy: type.hierarchy,
    target,
    // The peer leaves these as they are written.
    properties: evaluateAll(properties, scope, building.context.compat ? unevaluated : evaluate),
    sourceOperations: planOperations(relationship.sourceOperations, side(source)),
    targetOperations: planOperations(relationship.targetOperations, side(nodeOf(target))),
  };
}

type PlanOne = (operation: Operation) => PlanOperation | null;

function planOperations(operations: readonly Operation[], planOne: PlanOne): Record<string, PlanOperation> {
  const planned: Record<string, PlanOperation> = {};
  for (const operation of operations) {
    const one = planOne(operation);
    if (one !== null) planned[operation.name] = one;
  }
  return planned;
}

function planOperation(
  operation: Operation,
  scope: StaticScope,
  unknownPlugin: DiagnosticCode,
  hosted: () => boolean,
  { resolver, context, evaluation }: Building,
): PlanOperation | null {
  const implementation = resolveImplementation(operation, unknownPlugin, resolver);
  if (implementation === null) return null;
  const { executor, maxRetries, retryInterval, timeout } = operation.settings;
  const runsOn =
    executor?.text ??
    (implementation.mapping.script === null ? implementation.mapping.plugin.executor : 'auto');
  if (runsOn === 'host_agent' && !hosted()) {
    const message = `\`${operation.name}\` is to run on a host, but its node is not contained in any.`;
    context.reporter.report('no-host', operation.at, message);
  }
  const inputs = evaluateAll(implementation.inputs, scope, evaluation.evaluate);
  return { implementation: implementation.name, inputs, maxRetries, retryInterval, timeout };
}

function planOutputs(
  outputs: ReadonlyMap<string, Output>,
  evaluate: StaticEvaluator,
): Record<string, PlanValue> {
  const values = [...outputs.values()].map(({ name, description, value }) => {
    return [name, { description, value: toJson(evaluate(value, {})) }] as const;
  });
  return Object.fromEntries(values);
}

function evaluateAll(
  values: ReadonlyMap<string, Node>,
  scope: StaticScope,
  evaluate: StaticEvaluator,
): JsonObject {
  return toObject(new Map([...values].map(([name, value]) => [name, evaluate(value, scope)])));
}

function toObject(values: ReadonlyMap<string, Node>): JsonObject {
  return Object.fromEntries([...values].map(([name, value]) => [name, toJson(value)]));
}
