import type { JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView, OperationContext, TargetView } from '../../../src/contracts/operation.ts';
import { contextWith } from '../../support/references.ts';

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

/** `secrets`: the values of what is written as `{get_secret: name}`. */
type ContextParts = Partial<OperationContext> & { readonly secrets?: ReadonlyMap<string, string> };

export function nodeContext(self: InstanceView, parts: ContextParts = {}): OperationContext {
  return context({ kind: 'node', self }, parts);
}

export function relationshipContext(
  source: InstanceView,
  to: InstanceView,
  type: string,
  parts: ContextParts = {},
): OperationContext {
  const relationship = { type, typeHierarchy: [type], properties: {} satisfies JsonObject };
  return context({ kind: 'relationship', side: 'target', relationship, source, target: to }, parts);
}

function context(
  subject: OperationContext['subject'],
  { secrets, ...parts }: ContextParts,
): OperationContext {
  const written = {
    deployment: 'chain',
    execution: 'install:chain:1',
    blueprint: 'sha256:none',
    operation: 'cloudify.interfaces.lifecycle.start',
    implementation: 'swarm.service.apply',
    idempotencyKey: 'key',
    adopt: false,
    inputs: {},
    subject,
    ...parts,
  };
  return contextWith(written, secrets);
}
