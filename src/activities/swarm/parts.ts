import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import { asJson, type ValueMap } from '../../contracts/sealed.ts';
import type { Operation } from '../operation.ts';
import { withoutNulls } from '../../contracts/without-nulls.ts';

type Part = { readonly id: string; readonly properties: ValueMap; readonly runtimeProperties: ValueMap };

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
 * The parts that the relationships attached, read anew from the nodes: an output of another deployment may have
 * changed since, and `heal` runs no relationship operations.
 */
export function partsOf(self: InstanceView): ServiceParts {
  return { containers: parts(self, 'container', containerPart), ports: parts(self, 'port', portPart) };
}

function parts(self: InstanceView, kind: string, read: (part: Part) => ValueMap): readonly JsonObject[] {
  return self.targets.flatMap((target) => {
    if (self.runtimeProperties[`${kind}_${target.id}`] === undefined) return [];
    const part = asJson(read(target));
    return isJsonObject(part) ? [part] : [];
  });
}

function attach(kind: string, type: string, read: (part: Part) => ValueMap): Operation {
  return async (context) => {
    const target = targetOf(context, type);
    return { sourceRuntimeProperties: { [`${kind}_${target.id}`]: read(target) } };
  };
}

function targetOf(context: OperationContext, type: string): InstanceView<ValueMap> {
  const { referenced: subject } = context;
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

function containerPart({ properties, runtimeProperties }: Part): ValueMap {
  const { image, entry_point, args, env } = properties;
  const mounts = Object.entries(runtimeProperties)
    .filter(([key]) => key.startsWith('volume_'))
    .map(([, mount]) => mount);
  return withoutNulls({ image, entry_point, args, env, mounts });
}

function portPart({ properties }: Part): ValueMap {
  const { protocol, published_port, target_port, mode } = properties;
  return withoutNulls({ protocol, published_port, target_port, mode });
}

function volumePart({ properties }: Part): ValueMap {
  const { type, source, target, readonly, volume_options } = properties;
  return withoutNulls({ type, source, target, readonly, volume_options });
}
