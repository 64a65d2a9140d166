import type { JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import { toJson } from '../../../../src/language/source/node.ts';
import { pluginOf } from './plugins.ts';
import { schemasOf } from './schemas.ts';

export function workflowsOf(model: Model): JsonObject {
  return Object.fromEntries(
    [...model.workflows].flatMap(([name, { workflow, mapping }]) => {
      if (mapping === null) return [];
      const { script } = mapping;
      const parameters = schemasOf(workflow.parameters, model, 'inputs');
      const path =
        script === null
          ? {}
          : { [script.input]: { default: script.value, description: 'The script of the workflow' } };
      const shown = {
        plugin: mapping.plugin.name,
        operation: script === null ? mapping.operation : 'script_runner.tasks.execute_workflow',
        parameters: { ...parameters, ...path },
        is_cascading: workflow.cascading,
        availability_rules: workflow.availability === null ? null : toJson(workflow.availability),
      };
      return [[name, shown]];
    }),
  );
}

export function workflowPlugins({ workflows }: Model): readonly JsonObject[] {
  const plugins = [...workflows.values()].flatMap(({ mapping }) =>
    mapping === null ? [] : [mapping.plugin],
  );
  return [...new Set(plugins)].map(pluginOf);
}
