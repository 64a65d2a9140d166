import type { JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import { toJson } from '../../../../src/language/source/node.ts';
import { groupsOf, policiesOf, scalingGroupsOf } from './groups.ts';
import { nodesOf, pluginsToInstall } from './nodes.ts';
import { relationshipsOf } from './relationships.ts';
import { requirementsOf } from './requirements.ts';
import { dataTypesOf, inputsOf, schemasOf } from './schemas.ts';
import { settingsOf } from './settings.ts';
import { asWritten, bodiesOf, type View } from './view.ts';
import { workflowPlugins, workflowsOf } from './workflows.ts';

/** A blueprint as the peer's plan tells it. */
export function peerPlan(model: Model, view: View): JsonObject {
  const plan = parts(model, view);
  const written = view.planned ? parts(model, asWritten(false)) : plan;
  return { ...plan, requirements: requirementsOf(written) };
}

function parts(model: Model, view: View): JsonObject {
  const { blueprint } = model;
  const nodes = nodesOf(model, view);
  return {
    version: { raw: `cloudify_dsl_1_${model.version}` },
    description: blueprint.description,
    metadata: blueprint.metadata === null ? null : toJson(blueprint.metadata),
    inputs: view.planned ? asWritten(true).values(model.inputs, {}) : inputsOf(model),
    outputs: outputsOf(blueprint.outputs, view),
    capabilities: outputsOf(blueprint.capabilities, view),
    nodes,
    relationships: relationshipsOf(model),
    workflows: workflowsOf(model),
    policy_types: typesOf(model, blueprint.policyTypes, 'properties'),
    policy_triggers: typesOf(model, blueprint.policyTriggers, 'parameters'),
    policies: policiesOf(model, view),
    groups: groupsOf(model),
    scaling_groups: scalingGroupsOf(model, view),
    data_types: dataTypesOf(model),
    labels: labelsOf(blueprint.labels, view),
    blueprint_labels: labelsOf(blueprint.blueprintLabels, view),
    resource_tags: tagsOf(blueprint.resourceTags),
    deployment_settings: settingsOf(model, view),
    imported_blueprints: [...model.blueprints.values()],
    namespaces_mapping: { ...Object.fromEntries(model.blueprints), ...bodiesOf(blueprint.namespaces) },
    deployment_plugins_to_install: pluginsToInstall(nodes, 'deployment_plugins_to_install'),
    host_agent_plugins_to_install: pluginsToInstall(nodes, 'plugins_to_install'),
    workflow_plugins_to_install: workflowPlugins(model),
  };
}

function outputsOf(outputs: Model['blueprint']['outputs'], view: View): JsonObject {
  return Object.fromEntries(
    [...outputs.values()].map(({ name, description, value }) => {
      const described: JsonObject = description === null ? {} : { description };
      return [name, { ...described, value: view.value(value, {}) }];
    }),
  );
}

function labelsOf(labels: Model['blueprint']['labels'], view: View): JsonObject {
  return Object.fromEntries(
    [...labels.values()].map(({ name, values }) => [
      name,
      { values: values.map((one) => view.value(one, {})) },
    ]),
  );
}

function tagsOf(tags: Model['blueprint']['resourceTags']): JsonObject {
  return Object.fromEntries([...tags].map(([name, { body }]) => [name, toJson(body)]));
}

function typesOf(model: Model, types: Model['blueprint']['policyTypes'], key: string): JsonObject {
  return Object.fromEntries(
    [...types.values()].map(({ name, body, schemas }) => {
      const source = toJson(body);
      const own =
        typeof source === 'object' && source !== null && 'source' in source ? source['source'] : null;
      return [name, { source: own, [key]: schemasOf(schemas, model) }];
    }),
  );
}
