import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import { asJson, isValueMap, type Value } from '../../contracts/sealed.ts';
import { withoutNulls } from '../../contracts/without-nulls.ts';
import type { Tools } from '../operation.ts';
import { type Cluster, clusterOf } from './cluster/cluster.ts';
import { at, text } from './objects.ts';

/** The cluster that an instance lives in: its own kubeconfig, or that of the master it is connected to. */
export async function clusterOfInstance(
  context: OperationContext,
  self: InstanceView,
  tools: Tools,
): Promise<Cluster> {
  return await clusterOf(await kubeconfigOf(context, self, tools), tools.kubeconfigRights, tools.signal);
}

/** A cluster's kubeconfig, wherever a master or a proxy tells it; the reference to it where that is told. */
export function kubeconfigIn(told: Value): Value | undefined {
  for (const path of places) {
    const kubeconfig = valueAt(told, [...path, 'kubeconfig']);
    if (kubeconfig !== undefined && kubeconfig !== null && kubeconfig !== '') return kubeconfig;
  }
  return undefined;
}

/** The cluster's address, for people to read. */
export function urlOf(told: Json): string | undefined {
  for (const path of places) {
    const url = text(told, ...path, 'url');
    if (url !== undefined) return url;
  }
  return undefined;
}

// A proxy carries the outputs of its deployment at one of these.
const places: readonly (readonly string[])[] = [
  ['kubernetes_info'],
  ['kubernetes'],
  [],
  ['outputs', 'kubernetes_info'],
  ['deployment', 'outputs', 'kubernetes_info'],
  ['capabilities', 'kubernetes_info'],
];

async function kubeconfigOf(context: OperationContext, self: InstanceView, tools: Tools): Promise<string> {
  const own =
    asText(at(self.runtimeProperties, 'kubernetes', 'kubeconfig')) ??
    (await configured(context, self.properties, tools));
  if (own !== undefined) return own;
  for (const told of [self.properties, ...self.targets.flatMap((t) => [t.runtimeProperties, t.properties])]) {
    const kubeconfig = asText(asJson(kubeconfigIn(told) ?? null));
    if (kubeconfig !== undefined) return kubeconfig;
  }
  throw failure(
    'OperationInputInvalid',
    `${self.id} is not told its cluster. Connect it with cloudify.kubernetes.relationships.connected_to_master, or give client_config.configuration.file_content.`,
  );
}

async function configured(
  context: OperationContext,
  properties: JsonObject,
  tools: Tools,
): Promise<string | undefined> {
  const configuration = at(properties, 'client_config', 'configuration');
  const content = asText(at(configuration, 'file_content'));
  if (content !== undefined) return content;
  const file = text(configuration, 'blueprint_file_name');
  if (file !== undefined && file !== '') return String(await tools.blueprints.read(context.blueprint, file));
  const options = at(configuration, 'api_options');
  return text(options, 'host') === undefined ? undefined : JSON.stringify(fromOptions(options));
}

/** A kubeconfig of the connection options that Cloudify's plugin takes; certificates and keys as PEM text. */
function fromOptions(options: Json | undefined): JsonObject {
  const encoded = (key: string): Json => {
    const pem = text(options, key);
    return pem === undefined || pem === '' ? null : Buffer.from(pem).toString('base64');
  };
  const cluster = {
    server: text(options, 'host') ?? '',
    'certificate-authority-data': encoded('ssl_ca_cert'),
  };
  const user = {
    token: text(options, 'api_key') ?? null,
    'client-certificate-data': encoded('cert_file'),
    'client-key-data': encoded('key_file'),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: withoutNulls(cluster) }],
    users: [{ name: 'user', user: withoutNulls(user) }],
    contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
    'current-context': 'context',
  };
}

function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return isJsonObject(value) && Object.keys(value).length > 0 ? JSON.stringify(value) : undefined;
}

function valueAt(value: Value | undefined, [key, ...rest]: readonly string[]): Value | undefined {
  if (key === undefined || value === undefined) return value;
  return isValueMap(value) && Object.hasOwn(value, key) ? valueAt(value[key], rest) : undefined;
}
