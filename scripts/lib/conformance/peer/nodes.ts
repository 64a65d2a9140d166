import { isJsonObject, type Json, type JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import type { DraftNode, DraftRelationship } from '../../../../src/language/plan/draft.ts';
import { containersOf } from '../../../../src/language/plan/graph.ts';
import type { NodeTemplate } from '../../../../src/language/sections/node-templates.ts';
import { toJson } from '../../../../src/language/source/node.ts';
import { numbersOf } from './groups.ts';
import { interfacesOf } from './interfaces.ts';
import { operationsOf } from './operations.ts';
import { pluginOf } from './plugins.ts';
import { asWritten, type View } from './view.ts';

export function nodesOf(model: Model, view: View): readonly JsonObject[] {
  const bare = [...model.draft.values()].map((node) => nodeOf(node, model, view));
  const used = pluginsOf(bare, model);
  return bare.map((node) => {
    const plugins = used.get(asString(node['id'])) ?? [];
    const central = plugins.filter((one) => one['executor'] === 'central_deployment_agent');
    const onHost: JsonObject = isHost(node) ? { plugins_to_install: hostPlugins(node, bare, used) } : {};
    return { ...node, plugins, deployment_plugins_to_install: unique(central), ...onHost };
  });
}

const compute = 'cloudify.nodes.Compute';

function isHost(node: JsonObject): boolean {
  return JSON.stringify(node['type_hierarchy']).includes(compute);
}

function nodeOf(node: DraftNode, model: Model, view: View): JsonObject {
  const { template, type, properties } = node;
  const scope = { SELF: template.name };
  const { instances } = template;
  const host = [template.name, ...containersOf(template.name, model.draft)].find((name) =>
    model.draft.get(name)?.type.hierarchy.some((one) => one.includes(compute)),
  );
  const names = [...type.operations.keys(), ...template.interfaces.keys()];
  const hosted: JsonObject = host === undefined ? {} : { host_id: host };
  return {
    id: template.name,
    name: template.name,
    type: type.name,
    type_hierarchy: type.hierarchy,
    properties: view.values(properties, scope),
    instances: deployed(template),
    interfaces: interfacesOf(template.interfaces, type.operations, scope, model, view),
    capabilities: { scalable: { properties: numbersOf(instances, view, scope) } },
    operations: operationsOf(names, node.operations, scope, model, view),
    relationships: node.relationships.map((one) => relationshipOf(one, node, model, view)),
    ...hosted,
  };
}

function deployed({ body, instances }: NodeTemplate): JsonObject {
  const told = body.kind === 'map' && body.entries.has('instances') && instances.default !== null;
  return told ? { deploy: toJson(instances.default) } : {};
}

function relationshipOf(one: DraftRelationship, source: DraftNode, model: Model, view: View): JsonObject {
  const { type, target, properties, template } = one;
  const scope = { SOURCE: source.template.name, TARGET: target };
  const onSource = namesOf(template.sourceInterfaces, type.sourceOperations);
  const onTarget = namesOf(template.targetInterfaces, type.targetOperations);
  return {
    type: type.name,
    type_hierarchy: type.hierarchy,
    target_id: target,
    properties: asWritten(false).values(properties, scope),
    source_interfaces: interfacesOf(template.sourceInterfaces, type.sourceOperations, scope, model, view),
    target_interfaces: interfacesOf(template.targetInterfaces, type.targetOperations, scope, model, view),
    source_operations: operationsOf(onSource, one.sourceOperations, scope, model, view),
    target_operations: operationsOf(onTarget, one.targetOperations, scope, model, view),
  };
}

function namesOf(own: ReadonlyMap<string, unknown>, types: ReadonlyMap<string, unknown>): readonly string[] {
  return [...types.keys(), ...own.keys()];
}

/** The plugins that a node needs for its own operations and for those that relationships have on it. */
function pluginsOf(nodes: readonly JsonObject[], model: Model): ReadonlyMap<string, readonly JsonObject[]> {
  const needed = new Map(nodes.map((node) => [asString(node['id']), new Map<string, JsonObject>()]));
  const note = (node: string, operations: Json | undefined) => {
    for (const one of Object.values(isJsonObject(operations ?? null) ? Object(operations) : {})) {
      const { plugin: name, executor } = Object(one);
      const plugin = model.blueprint.plugins.get(name);
      if (plugin !== undefined) {
        needed.get(node)?.set(`${name} ${executor}`, { ...pluginOf(plugin), executor });
      }
    }
  };
  for (const node of nodes) {
    const id = asString(node['id']);
    note(id, node['operations']);
    for (const relationship of listOf(node['relationships'])) {
      note(id, relationship['source_operations']);
      note(asString(relationship['target_id']), relationship['target_operations']);
    }
  }
  return new Map([...needed].map(([node, plugins]) => [node, [...plugins.values()]]));
}

function hostPlugins(
  host: JsonObject,
  nodes: readonly JsonObject[],
  used: ReadonlyMap<string, readonly JsonObject[]>,
): readonly JsonObject[] {
  const there = nodes.filter((node) => node['host_id'] === host['id']);
  const plugins = there.flatMap((node) => used.get(asString(node['id'])) ?? []);
  return unique(plugins.filter((one) => one['executor'] === 'host_agent'));
}

export function pluginsToInstall(nodes: readonly JsonObject[], key: string): readonly JsonObject[] {
  return unique(nodes.flatMap((node) => listOf(node[key])));
}

function unique(plugins: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(plugins.map((one) => [one['name'], one])).values()];
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function asString(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
