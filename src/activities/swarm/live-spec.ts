import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { livePortsSchema, type LivePort } from './live.ts';

/** Readers of a service's specification, wanted or live. */
export function specName(spec: JsonObject): string {
  return typeof spec['Name'] === 'string' ? spec['Name'] : '';
}

export function specLabel(spec: JsonObject, name: string): string | undefined {
  const label = asObject(spec['Labels'])[name];
  return typeof label === 'string' ? label : undefined;
}

export function specTemplate(spec: JsonObject): JsonObject {
  return asObject(spec['TaskTemplate']);
}

export function specPorts(spec: JsonObject): readonly LivePort[] {
  return livePortsSchema.safeParse(asObject(spec['EndpointSpec'])['Ports']).data ?? [];
}

/** Undefined: one on every node that takes it. */
export function specReplicas(spec: JsonObject): number | undefined {
  const replicated = asObject(spec['Mode'])['Replicated'];
  if (!isJsonObject(replicated)) return undefined;
  return typeof replicated['Replicas'] === 'number' ? replicated['Replicas'] : 1;
}

export function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
