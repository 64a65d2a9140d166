import type { Blueprint } from '../sections/blueprint.ts';
import { type Context, recalled } from '../sections/context.ts';
import type { Node } from '../source/node.ts';
import type { Operation } from '../types/merge-operation.ts';
import { checkFunctions, type Known, type Where } from './check-functions.ts';
import type { Draft, DraftNode } from './draft.ts';

/** Checks the functions in every value of the blueprint, and whether each input is read by one. */
export function checkValues(blueprint: Blueprint, draft: Draft, context: Context): void {
  const { inputs, nodeTemplates: nodes } = blueprint;
  const known: Known = { inputs, nodes, usedInputs: new Set() };
  const check = checker(known, context);
  const names = [[...inputs.keys()].join('\n'), [...nodes.keys()].join('\n')];
  for (const node of draft.values()) {
    const used = recalled('values', [node, ...names], context, (inner) => {
      const usedInputs = new Set<string>();
      checkNode(node, { inputs, nodes, usedInputs }, inner);
      return usedInputs;
    });
    for (const name of used) known.usedInputs.add(name);
  }
  for (const template of blueprint.nodeTemplates.values()) {
    // A node of an unknown type has no draft; its functions can still be wrong.
    if (draft.has(template.name)) continue;
    for (const { value } of template.properties.values()) check(value, 'node');
    for (const operation of template.interfaces.values()) {
      for (const { value } of operation.inputs.values()) check(value, 'node');
    }
  }
  // The peer looks at the functions of a default only where something reads it.
  if (!context.compat) for (const input of blueprint.inputs.values()) check(input.default, 'anywhere');
  for (const output of blueprint.outputs.values()) check(output.value, 'outputs');
  for (const capability of blueprint.capabilities.values()) check(capability.value, 'elsewhere');
  for (const label of blueprint.labels.values()) for (const value of label.values) check(value, 'elsewhere');
  check(blueprint.deploymentSettings?.body ?? null, 'elsewhere');
  for (const { instances } of blueprint.policies.values()) {
    for (const value of [instances.default, instances.min, instances.max]) check(value, 'elsewhere');
  }
  reportUnused(blueprint, known.usedInputs, context);
}

function checker(known: Known, context: Context) {
  return (value: Node | null, where: Where): void => {
    if (value !== null) checkFunctions(value, where, known, context);
  };
}

function checkNode(node: DraftNode, known: Known, context: Context): void {
  const check = checker(known, context);
  const checkOperations = (operations: readonly Operation[], where: Where) => {
    for (const operation of operations) for (const input of operation.inputs.values()) check(input, where);
  };
  for (const value of node.properties.values()) check(value, 'node');
  checkOperations(node.operations, 'node');
  const { instances } = node.template;
  for (const value of [instances.default, instances.min, instances.max]) check(value, 'node');
  for (const relationship of node.relationships) {
    if (!context.compat) for (const value of relationship.properties.values()) check(value, 'relationship');
    checkOperations(relationship.sourceOperations, 'relationship');
    checkOperations(relationship.targetOperations, 'relationship');
  }
}

function reportUnused(blueprint: Blueprint, used: ReadonlySet<string>, context: Context): void {
  for (const { name, at } of blueprint.inputs.values()) {
    if (used.has(name) || at.file.catalogue) continue;
    context.reporter.report('unused-input', at, `No function reads the input \`${name}\`.`);
  }
}
