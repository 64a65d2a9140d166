import type { Blueprint } from '../sections/blueprint.ts';
import type { Workflow } from '../sections/workflows.ts';
import { type Mapping, resolveMapping, type Resolver } from './implementations.ts';

export type PlannedWorkflows = ReadonlyMap<
  string,
  { readonly workflow: Workflow; readonly mapping: Mapping | null }
>;

/** What the blueprint's workflows and its relationship types name as implementation must exist. */
export function checkWorkflows(blueprint: Blueprint, resolver: Resolver): PlannedWorkflows {
  for (const type of blueprint.relationships.values()) {
    for (const operation of [...type.sourceInterfaces.values(), ...type.targetInterfaces.values()]) {
      const { name, implementation, inputs } = operation;
      if (implementation === null || implementation.text === '' || implementation.at.file.catalogue) continue;
      resolveMapping({ name, implementation, inputs }, 'unknown-plugin-of-relationship', resolver);
    }
  }
  const planned = [...blueprint.workflows.values()].map((workflow) => {
    const { name, mapping: implementation, parameters: inputs } = workflow;
    const mapping =
      implementation === null || implementation.text === ''
        ? null
        : resolveMapping({ name, implementation, inputs }, 'unknown-plugin-of-workflow', resolver);
    return [name, { workflow, mapping }] as const;
  });
  return new Map(planned);
}
