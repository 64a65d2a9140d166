import { child, isNull, type MapNode, type Node } from '../source/node.ts';
import { type Context, fieldsOf, keyNeedsVersion, mapOf, recalled, textOf, wrong } from './context.ts';
import { isBaseTypes } from './base-types.ts';
import { type DeploymentSettings, readDeploymentSettings } from './deployment-settings.ts';
import { type Group, type Policy, readGroups, readPolicies } from './groups.ts';
import { type Label, readBlueprintLabels, readLabels, readNamespaces, readTags } from './labels.ts';
import { type NodeTemplate, readNodeTemplates } from './node-templates.ts';
import { type Output, readOutputs } from './outputs.ts';
import { type Plugin, readPlugins } from './plugins.ts';
import { type PolicyType, readPolicyTypes } from './policy-types.ts';
import { readSchemas, type Schema } from './schema.ts';
import {
  type DataType,
  type NodeType,
  readDataTypes,
  readNodeTypes,
  readRelationshipTypes,
  type RelationshipType,
} from './type-definitions.ts';
import { readWorkflows, type Workflow } from './workflows.ts';

/** Every key that a file may have at its top. `since`: the minor DSL version that brought it. */
export const topLevelKeys = {
  tosca_definitions_version: { since: 0 },
  description: { since: 2 },
  metadata: { since: 0 },
  imports: { since: 0 },
  dsl_definitions: { since: 2 },
  inputs: { since: 0 },
  outputs: { since: 0 },
  capabilities: { since: 0 },
  node_templates: { since: 0 },
  node_types: { since: 0 },
  relationships: { since: 0 },
  data_types: { since: 2 },
  plugins: { since: 0 },
  workflows: { since: 0 },
  groups: { since: 0 },
  policies: { since: 3 },
  policy_types: { since: 0 },
  policy_triggers: { since: 0 },
  labels: { since: 0 },
  blueprint_labels: { since: 0 },
  resource_tags: { since: 3 },
  deployment_settings: { since: 0 },
  namespaces_mapping: { since: 0 },
} as const;

/** What one file says, read but not yet merged with the others. */
export type FileSections = {
  readonly root: MapNode;
  /** Whether it defines the types on which all others build. */
  readonly base: boolean;
  readonly description: string | null;
  readonly metadata: Node | null;
  readonly deploymentSettings: DeploymentSettings | null;
  readonly labels: ReadonlyMap<string, Label>;
  readonly blueprintLabels: ReadonlyMap<string, Label>;
  /** Ids of imported blueprints, as blueprints that were imported already tell them. */
  readonly namespaces: ReadonlyMap<string, Label>;
  readonly resourceTags: ReadonlyMap<string, Label>;
  readonly inputs: ReadonlyMap<string, Schema>;
  readonly outputs: ReadonlyMap<string, Output>;
  readonly capabilities: ReadonlyMap<string, Output>;
  readonly nodeTemplates: ReadonlyMap<string, NodeTemplate>;
  readonly nodeTypes: ReadonlyMap<string, NodeType>;
  readonly relationships: ReadonlyMap<string, RelationshipType>;
  readonly dataTypes: ReadonlyMap<string, DataType>;
  readonly plugins: ReadonlyMap<string, Plugin>;
  readonly workflows: ReadonlyMap<string, Workflow>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly policyTypes: ReadonlyMap<string, PolicyType>;
  readonly policyTriggers: ReadonlyMap<string, PolicyType>;
};

export function readSections(node: Node, context: Context): FileSections {
  const root = fieldsOf(node, 'The file', Object.keys(topLevelKeys), context);
  for (const [key, { since }] of Object.entries(topLevelKeys)) {
    keyNeedsVersion(since, root.entries.get(key), key, context);
  }
  const section = (key: keyof typeof topLevelKeys): Node | null => child(root, key);
  if (section('metadata') !== null) mapOf(section('metadata') ?? root, 'The metadata', context);
  const definitions = section('dsl_definitions');
  if (definitions?.kind === 'scalar' && !isNull(definitions)) {
    wrong(definitions, 'dsl_definitions', 'a map or a list', context);
  }
  const read = <T>(key: keyof typeof topLevelKeys, reader: (one: Node | null, inner: Context) => T): T => {
    const one = section(key);
    return one === null
      ? reader(null, context)
      : recalled(key, [one], context, (inner) => reader(one, inner));
  };
  return {
    root,
    base: isBaseTypes(root),
    description: textOf(section('description'), 'The description', context)?.text ?? null,
    metadata: section('metadata'),
    deploymentSettings: readDeploymentSettings(section('deployment_settings'), context),
    labels: readLabels(section('labels'), context),
    blueprintLabels: readBlueprintLabels(section('blueprint_labels'), context),
    namespaces: readNamespaces(section('namespaces_mapping'), context),
    resourceTags: readTags(section('resource_tags'), 'resource_tags', context),
    inputs: read('inputs', (schemas, inner) => readSchemas(schemas, 'inputs', inner, 'input')),
    outputs: readOutputs(section('outputs'), 'outputs', context),
    capabilities: readOutputs(section('capabilities'), 'capabilities', context),
    nodeTemplates: readNodeTemplates(section('node_templates'), context),
    nodeTypes: read('node_types', readNodeTypes),
    relationships: read('relationships', readRelationshipTypes),
    dataTypes: read('data_types', readDataTypes),
    plugins: read('plugins', readPlugins),
    workflows: readWorkflows(section('workflows'), context),
    groups: readGroups(section('groups'), context),
    policies: readPolicies(section('policies'), context),
    policyTypes: readPolicyTypes(section('policy_types'), 'policy_types', 'properties', context),
    policyTriggers: readPolicyTypes(section('policy_triggers'), 'policy_triggers', 'parameters', context),
  };
}
