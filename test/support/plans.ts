import type { JsonObject } from '../../src/contracts/json.ts';
import type { Plan, PlanNode, PlanOperation, PlanRelationship, PlanValue } from '../../src/contracts/plan.ts';
import type { InstanceRecord } from '../../src/contracts/record.ts';

/** Plans written by hand, for tests of the rooms behind the language. */

export type NodeSketch = {
  /** Implementation by full operation name. */
  readonly operations?: Readonly<Record<string, string | Partial<PlanOperation>>>;
  readonly properties?: JsonObject;
  readonly instances?: number;
  readonly compute?: boolean;
  readonly needs?: readonly (string | RelationshipSketch)[];
};
type RelationshipSketch = {
  readonly target: string;
  readonly contained?: boolean;
  readonly properties?: JsonObject;
  readonly source?: Readonly<Record<string, string>>;
  readonly onTarget?: Readonly<Record<string, string>>;
};

/** A started instance of a node, as a record has it before anything was told of it. */
export function instanceRecord(node: string): InstanceRecord {
  return {
    id: `${node}_1`,
    node,
    index: 0,
    containedIn: null,
    host: null,
    relationships: [],
    state: 'started',
    runtimeProperties: {},
  };
}

export function planOf(
  nodes: Readonly<Record<string, NodeSketch>>,
  outputs: JsonObject = {},
  capabilities: JsonObject = {},
): Plan {
  return {
    description: null,
    inputs: {},
    nodes: Object.fromEntries(Object.entries(nodes).map(([name, sketch]) => [name, nodeOf(name, sketch)])),
    scalingGroups: {},
    outputs: valuesOf(outputs),
    capabilities: valuesOf(capabilities),
  };
}

function nodeOf(name: string, sketch: NodeSketch): PlanNode {
  const type = sketch.compute === true ? 'cloudify.nodes.Compute' : 'cloudify.nodes.Root';
  return {
    name,
    type,
    typeHierarchy: [...new Set(['cloudify.nodes.Root', type])],
    properties: sketch.properties ?? {},
    operations: operationsOf(sketch.operations ?? {}),
    relationships: (sketch.needs ?? []).map((need) =>
      relationshipOf(typeof need === 'string' ? { target: need } : need),
    ),
    instances: { default: sketch.instances ?? 1, min: 0, max: null },
  };
}

function relationshipOf({
  target,
  contained,
  properties,
  source,
  onTarget,
}: RelationshipSketch): PlanRelationship {
  const type =
    contained === true ? 'cloudify.relationships.contained_in' : 'cloudify.relationships.depends_on';
  return {
    type,
    typeHierarchy: [...new Set(['cloudify.relationships.depends_on', type])],
    target,
    properties: properties ?? {},
    sourceOperations: operationsOf(source ?? {}),
    targetOperations: operationsOf(onTarget ?? {}),
  };
}

function operationsOf(
  operations: Readonly<Record<string, string | Partial<PlanOperation>>>,
): Readonly<Record<string, PlanOperation>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, operationOf(operation)]),
  );
}

function operationOf(operation: string | Partial<PlanOperation>): PlanOperation {
  const base = { implementation: '', inputs: {}, maxRetries: null, retryInterval: null, timeout: null };
  return typeof operation === 'string' ? { ...base, implementation: operation } : { ...base, ...operation };
}

function valuesOf(values: JsonObject): Readonly<Record<string, PlanValue>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { description: null, value }]),
  );
}
