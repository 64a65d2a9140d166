import { child, type Entry, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, fieldsOf, missingKey, type Name, tableOf, textOf } from './context.ts';
import { readSchemas } from './schema.ts';

/** A workflow of the blueprint's own. Checked, so that a blueprint is read whole; Braid runs its own. */
export type Workflow = { readonly name: string; readonly at: Place; readonly mapping: Name | null };

const keys = ['mapping', 'parameters', 'is_cascading', 'availability_rules'];

export function readWorkflows(node: Node | null, context: Context): ReadonlyMap<string, Workflow> {
  return tableOf(node, 'workflows', context, (one) => readWorkflow(one, context));
}

function readWorkflow({ key, keyAt, value }: Entry, context: Context): Workflow {
  if (value.kind === 'scalar')
    return { name: key, at: keyAt, mapping: textOf(value, `The workflow \`${key}\``, context) };
  const fields = fieldsOf(value, `The workflow \`${key}\``, keys, context);
  const mapping = textOf(child(fields, 'mapping'), `The mapping of \`${key}\``, context);
  if (!fields.entries.has('mapping')) missingKey('mapping', keyAt, `The workflow \`${key}\``, context);
  readSchemas(child(fields, 'parameters'), `The parameters of \`${key}\``, context);
  return { name: key, at: keyAt, mapping };
}
