import { deploymentSettings, groups, policies, policyTriggers, policyTypes, workflows } from './sections.ts';
import {
  description,
  inputSchema,
  propertySchema,
  scalable,
  templateInterfaces,
  typeInterfaces,
} from './schemas.ts';
import {
  boolean,
  choice,
  either,
  field,
  fields,
  integer,
  list,
  name,
  required,
  table,
  text,
  value,
} from './shape.ts';

const versions = [0, 1, 2, 3, 4, 5].map((minor) => `cloudify_dsl_1_${minor}`);

const outputs = table(
  fields({ description, value: required(value, 'The value; functions are evaluated when it is read.') }),
);

const relationship = fields({
  type: required(name('relationship type'), 'The type of the relationship.'),
  target: required(name('node'), 'The node that this one needs; it is installed first.'),
  properties: field(
    table(value, 'relationship properties'),
    'Values for the properties of the relationship’s type.',
  ),
  source_interfaces: field(templateInterfaces, 'Operations that run for the node that has the relationship.'),
  target_interfaces: field(templateInterfaces, 'Operations that run for the target.'),
  description,
});

const nodeTemplate = fields({
  type: required(name('node type'), 'The type of the node: which properties and operations it has.'),
  properties: field(table(value, 'node properties'), 'Values for the properties of the node’s type.'),
  relationships: field(list(relationship), 'What the node needs, is in, or is connected to.'),
  interfaces: field(templateInterfaces, 'Operations of the node, over those of its type.'),
  capabilities: field(
    fields({
      scalable: field(
        fields({ properties: field(scalable, 'The numbers of instances.') }),
        'How many instances there are.',
      ),
    }),
    'How many instances of the node there are.',
  ),
  instances: field(
    fields({ deploy: required(integer, 'How many instances there are.') }),
    'How many instances of the node there are, in the older form.',
  ),
  description,
});

const derivedFrom = (kind: 'node type' | 'relationship type' | 'data type') =>
  field(name(kind), 'The type whose properties and operations this one has too.');
const properties = field(table(propertySchema), 'The properties, by name.');

const plugin = fields({
  executor: required(choice('central_deployment_agent', 'host_agent'), 'Where the plugin’s operations run.'),
  source: field(text, 'Where the plugin’s package is.'),
  install: field(boolean, 'Whether the plugin has to be installed. Default: true.'),
  install_arguments: field(text, 'Arguments for its installation.'),
  package_name: field(text, 'The name of its package.'),
  package_version: field(text, 'The version of its package.'),
  supported_platform: field(text, 'The platform that it is for.'),
  distribution: field(text, 'The distribution that it is for.'),
  distribution_version: field(text, 'The version of the distribution.'),
  distribution_release: field(text, 'The release of the distribution.'),
  properties: field(
    table(
      fields({
        type: field(text, 'The type of the value.'),
        description,
        display_label: field(text, 'What a form calls it.'),
        value: field(value, 'The value.'),
      }),
    ),
    'What an import of the plugin may give it.',
  ),
  properties_description: field(text, 'What the properties are for.'),
});

const labels = table(fields({ values: required(list(value), 'The values of the label.') }));

/** Everything that may be written in a file of a blueprint. */
export const grammar = fields({
  tosca_definitions_version: required(
    choice(...versions),
    'The version of the language that the file is written in.',
  ),
  description: field(text, 'What the blueprint is for, in words.'),
  metadata: field(table(value), 'Facts for other tools.'),
  imports: field(
    list(either(name('import'), table(table(value)))),
    'Files and plugins whose types this file uses: a path, `plugin:name`, `namespace--path`.',
  ),
  dsl_definitions: field(table(value), 'Values to point to with YAML anchors; nothing else.'),
  inputs: field(table(inputSchema), 'What is asked for when the blueprint is installed.'),
  node_templates: field(table(nodeTemplate), 'The things that are installed.'),
  outputs: field(outputs, 'What an installation tells when it is done.'),
  capabilities: field(outputs, 'What other deployments may read of this one.'),
  node_types: field(
    table(
      fields({
        derived_from: derivedFrom('node type'),
        description,
        properties,
        interfaces: field(typeInterfaces, 'Operations that nodes of the type have.'),
        runtime_properties: field(value, 'What operations of the type make known while they run.'),
      }),
    ),
    'Types of nodes of your own.',
  ),
  relationships: field(
    table(
      fields({
        derived_from: derivedFrom('relationship type'),
        description,
        properties,
        source_interfaces: field(typeInterfaces, 'Operations that run for the source.'),
        target_interfaces: field(typeInterfaces, 'Operations that run for the target.'),
      }),
    ),
    'Types of relationships of your own.',
  ),
  data_types: field(
    table(
      fields({
        derived_from: derivedFrom('data type'),
        description,
        properties,
        version: field(text, 'The version of the type, for other tools.'),
      }),
    ),
    'Types of structured values, for properties and inputs.',
  ),
  plugins: field(table(plugin), 'Who offers the operations that types name.'),
  workflows: field(workflows, 'Workflows of the blueprint’s own.'),
  groups: field(groups, 'Nodes that are scaled or watched together.'),
  policies: field(policies, 'How groups are scaled.'),
  policy_types: field(policyTypes, 'Types of the policies of groups.'),
  policy_triggers: field(policyTriggers, 'Types of what a policy sets off.'),
  labels: field(labels, 'Labels that deployments of the blueprint get.'),
  blueprint_labels: field(labels, 'Labels of the blueprint itself.'),
  resource_tags: field(table(value), 'Tags for what plugins make at providers.'),
  deployment_settings: field(deploymentSettings, 'What deployments of the blueprint get when they are made.'),
  namespaces_mapping: field(table(text), 'Ids of imported blueprints, by namespace.'),
});
