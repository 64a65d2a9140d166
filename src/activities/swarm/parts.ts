import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import type { Operation } from '../operation.ts';
import { withoutNulls } from '../../contracts/without-nulls.ts';

type Part = { readonly id: string; readonly properties: JsonObject; readonly runtimeProperties: JsonObject };

/** What a Microservice is made of, by relationships to Containers and Ports. */
export type ServiceParts = {
  readonly containers: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
};

/** Writes `container_<id>` of the target Container onto the source Microservice. */
export const attachContainer: Operation = attach('container', 'cloudify.swarm.Container', containerPart);
/** Writes `port_<id>` of the target Port onto the source Microservice. */
export const attachPort: Operation = attach('port', 'cloudify.swarm.Port', portPart);
/** Writes `volume_<id>` of the target Volume onto the source Container. */
export const attachVolume: Operation = attach('volume', 'cloudify.swarm.Volume', volumePart);

/**
 * The parts as the relationships wrote them, but read anew from the node where it is at hand: an output of
 * another deployment may have changed since, and `heal` runs no relationship operations.
 */
export function partsOf(self: InstanceView): ServiceParts {
  return { containers: parts(self, 'container', containerPart), ports: parts(self, 'port', portPart) };
}

function parts(self: InstanceView, kind: string, read: (part: Part) => JsonObject): readonly JsonObject[] {
  const prefix = `${kind}_`;
  return Object.entries(self.runtimeProperties).flatMap(([key, written]) => {
    if (!key.startsWith(prefix) || !isJsonObject(written)) return [];
    const target = self.targets.find((candidate) => candidate.id === key.slice(prefix.length));
    return [target === undefined ? written : read(target)];
  });
}

function attach(kind: string, type: string, read: (part: Part) => JsonObject): Operation {
  return async (context) => {
    const target = targetOf(context, type);
    return { sourceRuntimeProperties: { [`${kind}_${target.id}`]: read(target) } };
  };
}

function targetOf(context: OperationContext, type: string): InstanceView {
  const { subject } = context;
  if (subject.kind !== 'relationship')
    throw failure('Internal', `${context.operation} is for a relationship.`);
  const { source, target, relationship } = subject;
  if (target.typeHierarchy.includes(type)) return target;
  const turned = source.typeHierarchy.includes(type)
    ? ` It points the other way: write it at node “${target.node}”, with “${source.node}” as its target.`
    : '';
  const message = `Relationship ${relationship.type} of node “${source.node}” must point to a ${type}; “${target.node}” is none.${turned}`;
  throw failure('OperationInputInvalid', message);
}

function containerPart({ properties, runtimeProperties }: Part): JsonObject {
  const { image, entry_point, args, env } = properties;
  const mounts = Object.entries(runtimeProperties)
    .filter(([key]) => key.startsWith('volume_'))
    .map(([, mount]) => mount);
  return withoutNulls({ image, entry_point, args, env, mounts });
}

function portPart({ properties }: Part): JsonObject {
  const { protocol, published_port, target_port, mode } = properties;
  return withoutNulls({ protocol, published_port, target_port, mode });
}

function volumePart({ properties }: Part): JsonObject {
  const { type, source, target, readonly, volume_options } = properties;
  return withoutNulls({ type, source, target, readonly, volume_options } satisfies Record<
    string,
    Json | undefined
  >);
}
