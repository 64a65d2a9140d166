import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { InstanceView, OperationContext, TargetView } from '../../contracts/operation.ts';
import type { ValueMap } from '../../contracts/sealed.ts';

/** The instance that an operation of a node is about. */
export function selfOf(context: OperationContext): InstanceView {
  if (context.subject.kind === 'node') return context.subject.self;
  throw failure(
    'OperationInputInvalid',
    `${context.implementation} is an operation of nodes, not of relationships`,
    {
      details: { operation: context.operation },
    },
  );
}

/** The same with references where secrets belong. */
export function referencedSelfOf({ referenced }: OperationContext): InstanceView<ValueMap> {
  return referenced.kind === 'node' ? referenced.self : referenced.source;
}

/** A text property or runtime property; absent, it is empty. Fails as OperationInputInvalid. */
export function textOf(values: JsonObject, name: string, instance: string): string {
  const value = values[name] ?? '';
  if (typeof value === 'string') return value;
  throw failure('OperationInputInvalid', `property ${name} of ${instance} must be a text`, {
    details: { instance, property: name },
  });
}

/** What the instance is connected to and that is of that type, in the order of the blueprint. */
export function connectedTo(self: InstanceView, type: string): readonly TargetView[] {
  return self.targets.filter(
    (target) =>
      target.typeHierarchy.includes(type) &&
      target.relationshipTypeHierarchy.includes('cloudify.relationships.connected_to'),
  );
}
