import type { JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView, OperationContext, TargetView } from '../../../src/contracts/operation.ts';

/** Contexts as the engine gives them to operations. */
export function instance(node: string, type: string, parts: Partial<InstanceView> = {}): InstanceView {
  return {
    id: `${node}_abc123`,
    node,
    index: 0,
    typeHierarchy: ['cloudify.nodes.Root', type],
    properties: {},
    runtimeProperties: {},
    host: null,
    targets: [],
    ...parts,
  };
}

export function target(relationshipType: string, view: InstanceView): TargetView {
  const { id, node, typeHierarchy, properties, runtimeProperties } = view;
  return {
    relationshipType,
    relationshipTypeHierarchy: [relationshipType],
    relationshipProperties: {},
    id,
    node,
    typeHierarchy,
    properties,
    runtimeProperties,
  };
}

export function nodeContext(self: InstanceView, parts: Partial<OperationContext> = {}): OperationContext {
  return context({ kind: 'node', self }, parts);
}

export function relationshipContext(source: InstanceView, to: InstanceView, type: string): OperationContext {
  const relationship = { type, typeHierarchy: [type], properties: {} satisfies JsonObject };
  return context({ kind: 'relationship', side: 'target', relationship, source, target: to }, {});
}

function context(subject: OperationContext['subject'], parts: Partial<OperationContext>): OperationContext {
  return {
    deployment: 'chain',
    execution: 'install:chain:1',
    chain: 'run-1',
    blueprint: 'sha256:none',
    operation: 'cloudify.interfaces.lifecycle.start',
    implementation: 'swarm.service.apply',
    idempotencyKey: 'key',
    adopt: false,
    inputs: {},
    subject,
    ...parts,
  };
}
