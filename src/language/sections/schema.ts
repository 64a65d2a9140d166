import { child, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { booleanOf, type Context, fieldsOf, type Name, needsVersion, tableOf, textOf } from './context.ts';
import { type Constraint, readConstraints } from './constraints.ts';

/** What a property, an input of the blueprint or an input of an operation may be. */
export type Schema = {
  readonly name: string;
  readonly at: Place;
  readonly type: Name | null;
  readonly itemType: Name | null;
  readonly description: string | null;
  readonly default: Node | null;
  readonly required: boolean;
  readonly constraints: readonly Constraint[];
};

const keys = [
  'type',
  'default',
  'description',
  'required',
  'constraints',
  'item_type',
  'display_label',
  'hidden',
  'display',
];

export function readSchemas(node: Node | null, what: string, context: Context): ReadonlyMap<string, Schema> {
  return tableOf(node, what, context, (one) => readSchema(one, context));
}

function readSchema({ key, keyAt, value }: Entry, context: Context): Schema {
  const fields = fieldsOf(value, `\`${key}\``, keys, context);
  const schema = {
    name: key,
    at: keyAt,
    type: textOf(child(fields, 'type'), `The type of \`${key}\``, context),
    itemType: textOf(child(fields, 'item_type'), `The item_type of \`${key}\``, context),
    description: textOf(child(fields, 'description'), `The description of \`${key}\``, context)?.text ?? null,
    default: defaultOf(child(fields, 'default')),
    required: booleanOf(child(fields, 'required'), `\`required\` of \`${key}\``, true, context),
    constraints: readConstraints(child(fields, 'constraints'), key, context),
  };
  checkVersions(fields.entries, key, context);
  checkHidden(child(fields, 'hidden'), schema, context);
  checkFit(fields.entries, schema, context);
  return schema;
}

function defaultOf(node: Node | null): Node | null {
  return node === null || isNull(node) ? null : node;
}

const sinceVersion = { required: 2, display_label: 3, hidden: 3, item_type: 4 } as const;

function checkVersions(entries: ReadonlyMap<string, Entry>, name: string, context: Context): void {
  for (const [key, minor] of Object.entries(sinceVersion)) {
    const found = entries.get(key);
    if (found !== undefined) needsVersion(minor, found.keyAt, `\`${key}\` of \`${name}\``, context);
  }
}

/** What makes sense for values of some types only. */
const onlyFor = { item_type: 'list', display: 'textarea' } as const;

function checkFit(entries: ReadonlyMap<string, Entry>, { name, type }: Schema, context: Context): void {
  for (const [key, wanted] of Object.entries(onlyFor)) {
    const found = entries.get(key);
    if (found === undefined || type?.text === wanted) continue;
    const message = `\`${key}\` of \`${name}\` is only for the type ${wanted}.`;
    context.reporter.report('invalid-value', found.keyAt, message);
  }
}

function checkHidden(node: Node | null, schema: Schema, context: Context): void {
  const hidden = booleanOf(node, `\`hidden\` of \`${schema.name}\``, false, context);
  if (!hidden || !schema.required || schema.default !== null) return;
  context.reporter.report(
    'hidden-without-default',
    schema.at,
    `\`${schema.name}\` is hidden and required, but has no default.`,
  );
}
