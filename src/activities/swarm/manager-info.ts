import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import { isValueMap, type Value, type ValueMap } from '../../contracts/sealed.ts';

/** Output or runtime property `swarm_info`: how the world outside a Swarm's deployment reaches its manager. */
const swarmInfoSchema = z.object({
  manager_ip: z.string().min(1),
  ssh: z.object({
    host: z.string().min(1).optional(),
    port: z.coerce.number().int().optional(),
    user: z.string().min(1),
    host_key: z.string().min(1),
    key: z.string().min(1),
  }),
});

/** The manager's runtime property `swarm`, from what the target of the relationship tells. Undefined: nothing yet. */
export function managerFrom(target: {
  readonly node: string;
  readonly runtimeProperties: JsonObject;
}): JsonObject | undefined {
  const manager = managerIn(target.runtimeProperties);
  if (manager === undefined) return undefined;
  const parsed = swarmInfoSchema.safeParse(manager);
  if (!parsed.success) {
    const message = `swarm_info of “${target.node}” is not {manager_ip, ssh: {host, port, user, host_key, key}}: ${z.prettifyError(parsed.error)}`;
    throw failure('OperationInputInvalid', message);
  }
  const { manager_ip, ssh } = parsed.data;
  return { manager_ip, ssh: { port: 22, host: manager_ip, ...ssh } };
}

/** The same with references where secrets belong, and not checked. */
export function managerIn(runtime: ValueMap): ValueMap | undefined {
  const { manager_ip = null, ssh } = swarmInfoIn(runtime) ?? {};
  if (ssh === undefined || !isValueMap(ssh)) return undefined;
  return { manager_ip, ssh: { port: 22, host: manager_ip, ...ssh } };
}

/** As its target tells it now, else as it was when they were connected: a cluster may have got another manager. */
export function managerOf(self: InstanceView): Json | undefined {
  const fresh = self.targets
    .filter((target) => target.relationshipTypeHierarchy.some((type) => managerRelationships.has(type)))
    .map(managerFrom)
    .find((manager) => manager !== undefined);
  return fresh ?? self.runtimeProperties['swarm'];
}

const managerRelationships: ReadonlySet<string> = new Set([
  'cloudify.swarm.relationships.microservice_contained_in_manager',
  'cloudify.swarm.relationships.connected_to_manager',
]);

/** A Manager has it at the top, like the first proxies; later proxies and components keep outputs further down. */
function swarmInfoIn(runtime: ValueMap): ValueMap | undefined {
  const { deployment, outputs, capabilities } = runtime;
  const places = [
    runtime,
    outputs,
    capabilities,
    inside(deployment, 'outputs'),
    inside(deployment, 'capabilities'),
  ];
  return places.flatMap((place) => {
    const info = inside(place, 'swarm_info');
    return info !== undefined && isValueMap(info) ? [info] : [];
  })[0];
}

function inside(value: Value | undefined, key: string): Value | undefined {
  return value !== undefined && isValueMap(value) ? value[key] : undefined;
}
