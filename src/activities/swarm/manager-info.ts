import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { InstanceView } from '../../contracts/operation.ts';

/** Output or runtime property `swarm_info`: how the world outside a Swarm's deployment reaches its manager. */
const swarmInfoSchema = z.object({
  manager_ip: z.string().min(1),
  ssh: z.object({
    host: z.string().min(1).optional(),
    port: z.coerce.number().int().default(22),
    user: z.string().min(1),
    host_key: z.string().min(1),
    key_secret: z.string().min(1),
  }),
});

/** The manager's runtime property `swarm`, from what the target of the relationship tells. Undefined: nothing yet. */
export function managerFrom(target: {
  readonly node: string;
  readonly runtimeProperties: JsonObject;
}): JsonObject | undefined {
  const info = swarmInfoIn(target.runtimeProperties);
  if (info === undefined) return undefined;
  const parsed = swarmInfoSchema.safeParse(info);
  if (!parsed.success) {
    const message = `swarm_info of “${target.node}” is not {manager_ip, ssh: {host, port, user, host_key, key_secret}}: ${z.prettifyError(parsed.error)}`;
    throw failure('OperationInputInvalid', message);
  }
  const { manager_ip, ssh } = parsed.data;
  const { key_secret, host, ...rest } = ssh;
  return { manager_ip, ssh: { ...rest, host: host ?? manager_ip, key: { get_secret: key_secret } } };
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
function swarmInfoIn(runtime: JsonObject): Json | undefined {
  const deployment = isJsonObject(runtime['deployment']) ? runtime['deployment'] : {};
  const places = [
    runtime,
    runtime['outputs'],
    runtime['capabilities'],
    deployment['outputs'],
    deployment['capabilities'],
  ];
  return places
    .map((place) => (isJsonObject(place) ? place['swarm_info'] : undefined))
    .find((info) => isJsonObject(info));
}
