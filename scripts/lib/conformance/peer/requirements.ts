import { isJsonObject, type Json, type JsonObject } from '../../../../src/contracts/json.ts';
import { asCall } from '../../../../src/language/functions/names.ts';

/** What functions of a plan need of others: capabilities of the environment, and secrets. */
export function requirementsOf(plan: JsonObject): JsonObject {
  const capabilities: Json[] = [];
  const secrets: Json[] = [];
  for (const value of valuesOf(plan)) collect(value);
  return { parent_capabilities: capabilities, secrets };

  function collect(value: Json): void {
    const call = asCall(value);
    if (call?.name === 'get_environment_capability') {
      capabilities.push(Array.isArray(call.argument) ? call.argument : [call.argument]);
    } else if (call?.name === 'get_secret') secrets.push(call.argument);
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner);
  }
}

/** In the order in which the peer looks at them. */
function valuesOf(plan: JsonObject): readonly Json[] {
  const nodes = Array.isArray(plan['nodes']) ? plan['nodes'].filter(isJsonObject) : [];
  return [
    ...nodes.flatMap(ofNode),
    ...inside(plan['outputs']),
    ...inside(plan['policies'], 'properties'),
    ...inside(plan['scaling_groups'], 'properties'),
    ...inside(plan['capabilities']),
    ...inside(plan['labels']),
    plan['deployment_settings'] ?? null,
  ];
}

function ofNode(node: JsonObject): readonly Json[] {
  const relationships = Array.isArray(node['relationships']) ? node['relationships'] : [];
  const sides = relationships
    .filter(isJsonObject)
    .flatMap((one) => [one['source_operations'], one['target_operations']]);
  return [
    node['properties'] ?? null,
    ...inside(node['capabilities'], 'properties'),
    ...[node['operations'], ...sides].flatMap((operations) => inside(operations, 'inputs')),
  ];
}

function inside(table: Json | undefined, key?: string): readonly Json[] {
  const things = isJsonObject(table ?? null) ? Object.values(Object(table)) : [];
  return things.map((thing) => (key === undefined ? Object(thing) : (Object(thing)[key] ?? null)));
}
