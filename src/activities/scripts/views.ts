import type { JsonObject } from '../../contracts/json.ts';
import type { HostView, InstanceView, OperationContext, Subject } from '../../contracts/operation.ts';
import { asWritten, type ValueMap } from '../../contracts/sealed.ts';

/** What `ctx` tells a script. It goes to the host, so there is no secret in it but those that its inputs give. */
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
  return instancesIn(subject);
}

function instancesIn<Properties>(
  subject: Subject<Properties>,
): Readonly<Record<string, InstanceView<Properties>>> {
  return subject.kind === 'node'
    ? { self: subject.self }
    : { source: subject.source, target: subject.target };
}

/** The instance on whose machine the script runs. */
export function actingInstance({ subject }: OperationContext): InstanceView {
  return subject.kind === 'node' ? subject.self : subject[subject.side];
}

function viewsOf({ referenced }: OperationContext): JsonObject {
  return Object.fromEntries(
    Object.entries(instancesIn(referenced)).map(([scope, instance]) => [scope, viewOf(instance)]),
  );
}

/** Secrets are only named: a script gets them by its inputs alone. */
function viewOf(instance: InstanceView<ValueMap>): JsonObject {
  return {
    id: instance.id,
    node: instance.node,
    type: instance.typeHierarchy.at(-1) ?? '',
    type_hierarchy: instance.typeHierarchy,
    properties: asWritten(instance.properties),
    runtime_properties: asWritten(instance.runtimeProperties),
    host_ip: addressOf(instance.host),
  };
}

function addressOf(host: HostView<ValueMap> | null): string {
  const address = host?.runtimeProperties['ip'] ?? host?.properties['ip'];
  return typeof address === 'string' ? address : '';
}
