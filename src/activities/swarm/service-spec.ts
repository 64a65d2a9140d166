import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json-schemas.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import { installationLabel } from '../installation.ts';
import { containerSpec } from './container-spec.ts';
import { toDockerKeys } from './docker-keys.ts';
import { asObject } from './live-spec.ts';
import type { ServiceParts } from './parts.ts';
import { publishedPorts } from './port-spec.ts';

const dict = jsonObjectSchema.nullish().transform((value) => value ?? {});

/** Properties of cloudify.swarm.Microservice, of both published versions. */
const propertiesSchema = z.object({
  name: z.string().nullish(),
  labels: dict,
  task_template: dict,
  mode: dict,
  update_config: dict,
  endpoint_spec: dict,
  networks: z.array(jsonSchema).nullish(),
  compose_file: z.string().nullish(),
  placement: dict,
  limits: dict,
  reservations: dict,
  replicas: z.coerce.number().int().min(0).nullish(),
});

export type ServiceNode = Pick<InstanceView, 'node' | 'index' | 'properties'>;
export type Owner = {
  readonly installation: string;
  readonly deployment: string;
  readonly instance: string;
};

/** The labels of a service and of its tasks by which it is found again. */
export function ownerLabels({ deployment, instance }: Owner): Readonly<Record<string, string>> {
  return { 'io.braid.deployment': deployment, 'io.braid.instance': instance };
}

/** Further instances of a node are numbered. */
export function serviceName({ node, index, properties }: ServiceNode): string {
  const { name } = properties;
  const first = typeof name === 'string' && name !== '' ? name : node;
  return index === 0 ? first : `${first}-${index}`;
}

/**
 * What Docker is asked for: the body of `POST /services/create`. Secrets are by now resolved.
 * Fails as OperationInputInvalid, naming the property.
 */
export function serviceSpec(
  self: ServiceNode,
  { containers, ports }: ServiceParts,
  owner: Owner,
): JsonObject {
  const { node } = self;
  const properties = parse(node, self.properties);
  return {
    Name: serviceName(self),
    Labels: {
      ...strings(properties.labels),
      ...ownerLabels(owner),
      [installationLabel]: owner.installation,
    },
    TaskTemplate: taskTemplate(node, properties, containers),
    Mode: mode(properties),
    ...(isEmpty(properties.update_config) ? {} : { UpdateConfig: toDockerKeys(properties.update_config) }),
    EndpointSpec: endpointSpec(node, properties.endpoint_spec, ports),
  };
}

function parse(node: string, properties: JsonObject): z.infer<typeof propertiesSchema> {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) throw invalid(node, z.prettifyError(parsed.error));
  if ((parsed.data.compose_file ?? '') !== '')
    throw invalid(node, 'compose_file is not supported; describe the service by a Container and Ports.');
  return parsed.data;
}

function taskTemplate(
  node: string,
  properties: z.infer<typeof propertiesSchema>,
  containers: readonly JsonObject[],
): JsonObject {
  const base = asObject(toDockerKeys(properties.task_template));
  const resources = {
    ...(isEmpty(properties.limits) ? {} : { Limits: toDockerKeys(properties.limits) }),
    ...(isEmpty(properties.reservations) ? {} : { Reservations: toDockerKeys(properties.reservations) }),
  };
  return {
    ...base,
    ContainerSpec: containerSpec(asObject(base['ContainerSpec']), containers, (problem) =>
      invalid(node, problem),
    ),
    ...(isEmpty(properties.placement) ? {} : { Placement: toDockerKeys(properties.placement) }),
    ...(isEmpty(resources) ? {} : { Resources: resources }),
    ...(properties.networks?.length ? { Networks: properties.networks.map(attachment) } : {}),
  };
}

/** By name alone, or as Docker has it: `{target: name, aliases: […]}`. */
function attachment(network: Json): Json {
  return typeof network === 'string' ? { Target: network } : toDockerKeys(network);
}

function mode(properties: z.infer<typeof propertiesSchema>): JsonObject {
  if (!isEmpty(properties.mode)) return asObject(toDockerKeys(properties.mode));
  return { Replicated: { Replicas: properties.replicas ?? 1 } };
}

/** Virtual addresses and the ingress mesh need IPVS, which not every kernel has; so only when asked for. */
function endpointSpec(node: string, given: JsonObject, parts: readonly JsonObject[]): JsonObject {
  const { Ports, ...rest } = asObject(toDockerKeys(given));
  const ports = publishedPorts([...(Array.isArray(Ports) ? Ports : []), ...parts], (problem) =>
    invalid(node, problem),
  );
  const meshed = ports.some((port) => port['PublishMode'] === 'ingress');
  return { Mode: meshed ? 'vip' : 'dnsrr', ...rest, Ports: ports };
}

function invalid(node: string, problem: string): Error {
  return failure('OperationInputInvalid', `Microservice “${node}”: ${problem}`);
}

function strings(values: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function isEmpty(value: JsonObject): boolean {
  return Object.keys(value).length === 0;
}
