import { child, describe, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import {
  booleanOf,
  type Context,
  fieldsOf,
  listOf,
  missingKey,
  type Name,
  keyNeedsVersion,
  tableOf,
  textOf,
} from './context.ts';
import { readSchemas, type Schema } from './schema.ts';

/** A workflow of the blueprint's own. Checked, so that a blueprint is read whole; Braid runs its own. */
export type Workflow = {
  readonly name: string;
  readonly at: Place;
  readonly mapping: Name | null;
  readonly parameters: ReadonlyMap<string, Schema>;
  readonly cascading: boolean;
  readonly availability: Node | null;
};

const keys = ['mapping', 'parameters', 'is_cascading', 'availability_rules'];

export function readWorkflows(node: Node | null, context: Context): ReadonlyMap<string, Workflow> {
  return tableOf(node, 'workflows', context, (one) => readWorkflow(one, context));
}

function readWorkflow({ key, keyAt, value }: Entry, context: Context): Workflow {
  if (value.kind === 'scalar') {
    const mapping = textOf(value, `The workflow \`${key}\``, context);
    if (isNull(value)) missingKey('mapping', keyAt, `The workflow \`${key}\``, context);
    return { name: key, at: keyAt, mapping, parameters: new Map(), cascading: false, availability: null };
  }
  const what = `The workflow \`${key}\``;
  const fields = fieldsOf(value, what, keys, context);
  const mapping = textOf(child(fields, 'mapping'), `The mapping of \`${key}\``, context);
  if (mapping === null) missingKey('mapping', keyAt, what, context);
  const rules = fields.entries.get('availability_rules');
  if (rules !== undefined) checkRules(rules, key, context);
  return {
    name: key,
    at: keyAt,
    mapping,
    parameters: readSchemas(
      child(fields, 'parameters'),
      `The parameters of \`${key}\``,
      context,
      'parameter',
    ),
    cascading: booleanOf(child(fields, 'is_cascading'), `is_cascading of \`${key}\``, false, context),
    availability: rules?.value ?? null,
  };
}

/** A second definition of a workflow adds what the first does not tell. */
export function mergeWorkflows(first: Workflow, second: Workflow): Workflow {
  return {
    ...first,
    mapping: first.mapping ?? second.mapping,
    parameters: first.parameters.size > 0 ? first.parameters : second.parameters,
    cascading: first.cascading || second.cascading,
    availability: first.availability ?? second.availability,
  };
}

const active = ['all', 'partial', 'none'];

function checkRules(rules: Entry, owner: string, context: Context): void {
  keyNeedsVersion(4, rules, 'availability_rules', context);
  const what = `availability_rules of \`${owner}\``;
  const fields = fieldsOf(
    rules.value,
    what,
    ['available', 'node_instances_active', 'node_types_required'],
    context,
  );
  booleanOf(child(fields, 'available'), `\`available\` of ${what}`, true, context);
  for (const item of listOf(
    child(fields, 'node_instances_active'),
    `node_instances_active of ${what}`,
    context,
  )) {
    if (item.kind === 'scalar' && active.includes(String(item.value))) continue;
    const message = `node_instances_active of ${what} may hold ${active.join(', ')}, not ${describe(item)}.`;
    context.reporter.report('invalid-availability', item.at, message);
  }
  for (const item of listOf(
    child(fields, 'node_types_required'),
    `node_types_required of ${what}`,
    context,
  )) {
    textOf(item, `A type of node_types_required of ${what}`, context);
  }
}
