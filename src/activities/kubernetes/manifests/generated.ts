import { failure } from '../../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../contracts/json.ts';
import { count, text } from '../objects.ts';

/** A ReplicationController of an image, and a Service when it has a port: what `kubectl run` once made. */
export function generateManifests(properties: JsonObject): readonly Json[] {
  const name = text(properties, 'name') ?? '';
  const port = numberOf(properties.port);
  const labels = { run: name };
  const controller: JsonObject = {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name, labels },
    spec: {
      replicas: numberOf(properties.replicas) ?? 1,
      selector: labels,
      template: { metadata: { labels }, spec: { containers: [containerOf(properties, name, port)] } },
    },
  };
  const overridden = override(controller, properties, 'run_overrides');
  if (port === undefined || port <= 0) return [overridden];
  return [overridden, override(serviceOf(properties, labels, port), properties, 'expose_overrides')];
}

function containerOf(properties: JsonObject, name: string, port: number | undefined): JsonObject {
  const image = text(properties, 'image') ?? '';
  const target = numberOf(properties.target_port) ?? port;
  if (target === undefined || target <= 0) return { name, image };
  return { name, image, ports: [{ containerPort: target, protocol: protocolOf(properties) }] };
}

function serviceOf(properties: JsonObject, labels: JsonObject, port: number): JsonObject {
  const name = text(properties, 'name') ?? '';
  const targetPort = numberOf(properties.target_port) ?? port;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: { selector: labels, ports: [{ port, targetPort, protocol: protocolOf(properties) }] },
  };
}

/** As `--overrides` of kubectl: a JSON object merged over the generated one. */
function override(manifest: JsonObject, properties: JsonObject, property: string): JsonObject {
  const written = properties[property];
  if (written === undefined || written === null || written === '') return manifest;
  const patch = typeof written === 'string' ? parseJson(written) : written;
  if (!isJsonObject(patch))
    throw failure('OperationInputInvalid', `The property ${property} must be a JSON object.`);
  const merged = merge(manifest, patch);
  return isJsonObject(merged) ? merged : manifest;
}

/** JSON merge patch, RFC 7386: null removes, objects are merged, all else replaces. */
function merge(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const base = isJsonObject(target) ? target : {};
  const kept = Object.entries(base).filter(([key]) => patch[key] !== null);
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, Json] => [key, merge(base[key] ?? null, value)]);
  return Object.fromEntries([...kept, ...changed]);
}

function protocolOf(properties: JsonObject): string {
  return text(properties, 'protocol') ?? 'TCP';
}

function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string' && /^\d+$/u.test(value)) return Number(value);
  return count(value);
}
