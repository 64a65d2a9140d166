import { child, describe, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import {
  type Context,
  described,
  fieldsOf,
  isInteger,
  lacks,
  listOf,
  missingKey,
  type Name,
  keyNeedsVersion,
  recalled,
  tableOf,
  textOf,
} from './context.ts';
import { type Operations, readTemplateInterfaces } from './operations.ts';
import { type InstancesTemplate, noInstances, readScalable } from './scalable.ts';

/** Values by name, with the places of the names. */
export type Entries = ReadonlyMap<string, Entry>;

export type NodeTemplate = {
  readonly name: string;
  readonly at: Place;
  /** Null in a file that only adds relationships to another file's node. */
  readonly type: Name | null;
  readonly properties: Entries;
  readonly propertiesAt: Place;
  readonly interfaces: Operations<Entry>;
  readonly relationships: readonly RelationshipTemplate[];
  readonly instances: InstancesTemplate;
  /** As written, to tell what two files may say of one node. */
  readonly body: Node;
};
export type RelationshipTemplate = {
  readonly at: Place;
  readonly type: Name;
  readonly target: Name;
  readonly properties: Entries;
  readonly sourceInterfaces: Operations<Entry>;
  readonly targetInterfaces: Operations<Entry>;
};
const keys = ['type', 'properties', 'interfaces', 'relationships', 'instances', 'capabilities'];

export function readNodeTemplates(node: Node | null, context: Context): ReadonlyMap<string, NodeTemplate> {
  return tableOf(node, 'node_templates', context, (one) =>
    recalled('node template', [one.value, one.keyAt, one.key], context, (inner) =>
      readNodeTemplate(one, inner),
    ),
  );
}

function readNodeTemplate({ key, keyAt, value }: Entry, context: Context): NodeTemplate {
  const what = `The node template \`${key}\``;
  const fields = fieldsOf(value, what, described(keys, value, context), context);
  const type = textOf(child(fields, 'type'), `The type of \`${key}\``, context);
  const relationships = listOf(child(fields, 'relationships'), `The relationships of \`${key}\``, context);
  return {
    name: key,
    at: keyAt,
    type,
    properties: readValues(child(fields, 'properties'), `The properties of \`${key}\``, context),
    propertiesAt: fields.entries.get('properties')?.keyAt ?? keyAt,
    interfaces: readTemplateInterfaces(child(fields, 'interfaces'), `\`${key}\``, context),
    relationships: relationships.flatMap((one) => readRelationship(one, key, context)),
    instances: readInstances(fields.entries, key, context),
    body: value,
  };
}

function readValues(node: Node | null, what: string, context: Context): Entries {
  return tableOf(node, what, context, (one) => one);
}

const relationshipKeys = ['type', 'target', 'properties', 'source_interfaces', 'target_interfaces'];

function readRelationship(node: Node, owner: string, context: Context): RelationshipTemplate[] {
  const what = `A relationship of \`${owner}\``;
  const fields = fieldsOf(node, what, described(relationshipKeys, node, context), context);
  const type = textOf(child(fields, 'type'), `The type of a relationship of \`${owner}\``, context);
  const target = textOf(child(fields, 'target'), `The target of a relationship of \`${owner}\``, context);
  for (const key of ['type', 'target']) if (lacks(fields, key)) missingKey(key, node.at, what, context);
  if (target?.text === owner) {
    context.reporter.report('self-target', target.at, `\`${owner}\` has a relationship to itself.`);
  }
  if (type === null || target === null) return [];
  return [
    {
      at: node.at,
      type,
      target,
      properties: readValues(child(fields, 'properties'), `The properties of ${what}`, context),
      sourceInterfaces: readTemplateInterfaces(child(fields, 'source_interfaces'), what, context),
      targetInterfaces: readTemplateInterfaces(child(fields, 'target_interfaces'), what, context),
    },
  ];
}

/** `instances: {deploy: 2}` is the old spelling of `capabilities.scalable.properties.default_instances`. */
function readInstances(
  entries: ReadonlyMap<string, Entry>,
  owner: string,
  context: Context,
): InstancesTemplate {
  const instances = entries.get('instances');
  const capabilities = entries.get('capabilities');
  keyNeedsVersion(3, capabilities, 'capabilities of a node template', context);
  const both = [instances, capabilities].every((one) => one !== undefined && !isNull(one.value));
  if (instances !== undefined && both) {
    const message = `\`${owner}\` tells its number of instances by both \`instances\` and \`capabilities\`.`;
    context.reporter.report('instances-twice', instances.keyAt, message);
  }
  const deploy = instances === undefined ? null : readDeploy(instances, owner, context);
  if (capabilities !== undefined && !isNull(capabilities.value))
    return readCapabilities(capabilities.value, owner, context);
  return deploy === null ? noInstances : { default: deploy, min: null, max: null };
}

function readDeploy({ keyAt, value }: Entry, owner: string, context: Context): Node | null {
  if (isNull(value)) return null;
  const fields = fieldsOf(value, `instances of \`${owner}\``, ['deploy'], context);
  const deploy = child(fields, 'deploy');
  if (deploy === null || isNull(deploy)) missingKey('deploy', keyAt, `instances of \`${owner}\``, context);
  else checkDeploy(deploy, owner, context);
  return deploy;
}

function checkDeploy(node: Node, owner: string, context: Context): void {
  if (isInteger(node) && node.value >= 0) return;
  const message = `instances.deploy of \`${owner}\` must be an integer from 0, not ${describe(node)}.`;
  context.reporter.report('wrong-shape', node.at, message);
}

function readCapabilities(node: Node, owner: string, context: Context): InstancesTemplate {
  if (isNull(node)) return noInstances;
  const what = `capabilities of \`${owner}\``;
  const capability = child(fieldsOf(node, what, ['scalable'], context), 'scalable');
  if (capability === null || isNull(capability)) return noInstances;
  const fields = fieldsOf(capability, `scalable of \`${owner}\``, ['properties'], context);
  return readScalable(child(fields, 'properties'), owner, context);
}
