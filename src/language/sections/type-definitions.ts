import { child, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, described, fieldsOf, type Name, tableOf, textOf } from './context.ts';
import { type Operations, readTypeInterfaces } from './operations.ts';
import { readSchemas, type Schema } from './schema.ts';

/** What node types, relationship types and data types have in common. */
type Definition = {
  readonly name: string;
  readonly at: Place;
  /** The whole definition, to tell whether two of one name are the same. */
  readonly body: Node;
  readonly derivedFrom: Name | null;
  readonly properties: ReadonlyMap<string, Schema>;
};
export type DataType = Definition;
export type NodeType = Definition & {
  readonly interfaces: Operations<Schema>;
  readonly runtimeProperties: ReadonlyMap<string, Schema>;
};
export type RelationshipType = Definition & {
  readonly sourceInterfaces: Operations<Schema>;
  readonly targetInterfaces: Operations<Schema>;
};

export function readDataTypes(node: Node | null, context: Context): ReadonlyMap<string, DataType> {
  const keys = ['derived_from', 'properties', 'description', 'version'];
  return tableOf(node, 'data_types', context, (one) => definition(one, 'data type', keys, context).base);
}

export function readNodeTypes(node: Node | null, context: Context): ReadonlyMap<string, NodeType> {
  const keys = ['derived_from', 'properties', 'interfaces', 'runtime_properties'];
  return tableOf(node, 'node_types', context, (one) => {
    const { base, field } = definition(one, 'node type', keys, context);
    const what = `The runtime properties of \`${one.key}\``;
    return {
      ...base,
      interfaces: readTypeInterfaces(field('interfaces'), `\`${one.key}\``, context),
      runtimeProperties: readProperties(field('runtime_properties'), what, context),
    };
  });
}

export function readRelationshipTypes(
  node: Node | null,
  context: Context,
): ReadonlyMap<string, RelationshipType> {
  const keys = ['derived_from', 'properties', 'source_interfaces', 'target_interfaces'];
  return tableOf(node, 'relationships', context, (one) => {
    const { base, field } = definition(one, 'relationship', keys, context);
    return {
      ...base,
      sourceInterfaces: readTypeInterfaces(field('source_interfaces'), `\`${one.key}\``, context),
      targetInterfaces: readTypeInterfaces(field('target_interfaces'), `\`${one.key}\``, context),
    };
  });
}

function definition(one: Entry, kind: string, keys: readonly string[], context: Context) {
  const known = described(keys, one.value, context);
  const fields = fieldsOf(one.value, `The ${kind} \`${one.key}\``, known, context);
  const field = (key: string): Node | null => child(fields, key);
  for (const key of ['description', 'version']) textOf(field(key), `${key} of \`${one.key}\``, context);
  const base: Definition = {
    name: one.key,
    at: one.keyAt,
    body: one.value,
    derivedFrom: textOf(field('derived_from'), `derived_from of \`${one.key}\``, context),
    properties: readProperties(field('properties'), `The properties of \`${one.key}\``, context),
  };
  return { base, field };
}

/** Cloudify's parser wants at least `{}` for a property. */
function readProperties(node: Node | null, what: string, context: Context): ReadonlyMap<string, Schema> {
  for (const { keyAt, key, value } of node?.kind === 'map' ? node.entries.values() : []) {
    if (!context.compat || !isNull(value) || keyAt.file.catalogue) continue;
    context.reporter.report('empty-schema', keyAt, `The property \`${key}\` is not defined by anything.`);
  }
  return readSchemas(node, what, context, 'property');
}
