import { child, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, fieldsOf, lacks, missingKey, tableOf, textOf } from './context.ts';
import { readSchemas, type Schema } from './schema.ts';

/** A type of policy, or of what a policy triggers. Checked only: Braid has its own ways to watch. */
export type PolicyType = {
  readonly name: string;
  readonly at: Place;
  readonly body: Node;
  readonly schemas: ReadonlyMap<string, Schema>;
};

export function readPolicyTypes(
  node: Node | null,
  section: string,
  schemaKey: 'properties' | 'parameters',
  context: Context,
): ReadonlyMap<string, PolicyType> {
  return tableOf(node, section, context, ({ key, keyAt, value }) => {
    const what = `\`${key}\` of ${section}`;
    const fields = fieldsOf(value, what, ['source', schemaKey], context);
    if (lacks(fields, 'source')) missingKey('source', keyAt, what, context);
    textOf(child(fields, 'source'), `The source of ${what}`, context);
    const schemas = readSchemas(child(fields, schemaKey), `The ${schemaKey} of ${what}`, context, 'property');
    return { name: key, at: keyAt, body: value, schemas };
  });
}
