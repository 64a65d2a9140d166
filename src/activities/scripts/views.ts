import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { HostView, InstanceView, OperationContext } from '../../contracts/operation.ts';

/** What `ctx` tells a script. It goes to the host, so nothing by which a host is reached is in it. */
export function contextForScript(
  context: OperationContext,
  parameters: JsonObject,
  attempt: number,
): JsonObject {
  const { deployment, execution, blueprint, operation } = context;
  const retry_number = attempt - 1;
  return { deployment, execution, blueprint, operation, parameters, retry_number, views: viewsOf(context) };
}

/** The instance or the ends of the relationship, by the name that `ctx` has for them. */
export function instancesOf({ subject }: OperationContext): Readonly<Record<string, InstanceView>> {
  return subject.kind === 'node'
    ? { self: subject.self }
    : { source: subject.source, target: subject.target };
}

/** The instance on whose machine the script runs. */
export function actingInstance({ subject }: OperationContext): InstanceView {
  return subject.kind === 'node' ? subject.self : subject[subject.side];
}

function viewsOf(context: OperationContext): JsonObject {
  return Object.fromEntries(
    Object.entries(instancesOf(context)).map(([scope, instance]) => [scope, viewOf(instance)]),
  );
}

function viewOf(instance: InstanceView): JsonObject {
  return {
    id: instance.id,
    node: instance.node,
    type: instance.typeHierarchy.at(-1) ?? '',
    type_hierarchy: instance.typeHierarchy,
    properties: instance.properties,
    runtime_properties: withoutKey(instance.runtimeProperties),
    host_ip: addressOf(instance.host),
  };
}

function withoutKey(runtimeProperties: JsonObject): JsonObject {
  const { ssh } = runtimeProperties;
  if (!isJsonObject(ssh)) return runtimeProperties;
  const { key: _, ...rest } = ssh;
  return { ...runtimeProperties, ssh: rest };
}

function addressOf(host: HostView | null): string {
  const address = host?.runtimeProperties['ip'] ?? host?.properties['ip'];
  return typeof address === 'string' ? address : '';
}
