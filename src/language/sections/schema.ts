import { child, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { basicTypes, isBasicType } from '../types/basic-types.ts';
import {
  booleanOf,
  type Context,
  fieldsOf,
  isInteger,
  type Name,
  keyNeedsVersion,
  tableOf,
  textOf,
  wrong,
} from './context.ts';
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
  /** The whole definition as written. */
  readonly body: Node;
};

const propertyKeys = ['type', 'default', 'description', 'required'];
const parameterKeys = [...propertyKeys, 'item_type', 'constraints'];
/** Which keys a schema may have depends on what it is for. */
const keysOf = {
  property: propertyKeys,
  parameter: parameterKeys,
  input: [...parameterKeys, 'display_label', 'hidden', 'display'],
  operation: [...parameterKeys, 'display_label', 'hidden', 'display'],
} as const;
export type SchemaFor = keyof typeof keysOf;

export function readSchemas(
  node: Node | null,
  what: string,
  context: Context,
  kind: SchemaFor,
): ReadonlyMap<string, Schema> {
  return tableOf(node, what, context, (one) => readSchema(one, kind, context));
}

function readSchema({ key, keyAt, value }: Entry, kind: SchemaFor, context: Context): Schema {
  const fields = fieldsOf(value, `\`${key}\``, keysOf[kind], context);
  const schema = {
    name: key,
    at: keyAt,
    type: textOf(child(fields, 'type'), `The type of \`${key}\``, context),
    itemType: textOf(child(fields, 'item_type'), `The item_type of \`${key}\``, context),
    description: textOf(child(fields, 'description'), `The description of \`${key}\``, context)?.text ?? null,
    default: defaultOf(child(fields, 'default'), kind),
    required: booleanOf(child(fields, 'required'), `\`required\` of \`${key}\``, true, context),
    constraints: readConstraints(child(fields, 'constraints'), key, kind === 'parameter', context),
    body: value,
  };
  textOf(child(fields, 'display_label'), `The display_label of \`${key}\``, context);
  checkVersions(fields.entries, key, context);
  checkHidden(child(fields, 'hidden'), schema, context);
  checkFit(fields.entries, schema, context);
  return schema;
}

/** An input of the blueprint must be given although its default is null; for others null is a value. */
function defaultOf(node: Node | null, kind: SchemaFor): Node | null {
  return node !== null && kind === 'input' && isNull(node) ? null : node;
}

const sinceVersion = { required: 2, display_label: 3, hidden: 3, item_type: 4 } as const;

function checkVersions(entries: ReadonlyMap<string, Entry>, name: string, context: Context): void {
  for (const [key, minor] of Object.entries(sinceVersion)) {
    keyNeedsVersion(minor, entries.get(key), `\`${key}\` of \`${name}\``, context);
  }
}

/** What makes sense for values of some types only. */
const onlyFor = [
  { key: 'item_type', type: 'list', code: 'item-type-without-list' },
  { key: 'display', type: 'textarea', code: 'display-without-textarea' },
] as const;

function checkFit(entries: ReadonlyMap<string, Entry>, schema: Schema, context: Context): void {
  const { name, type, itemType } = schema;
  for (const { key, type: wanted, code } of onlyFor) {
    const found = entries.get(key);
    if (found === undefined || isNull(found.value) || type?.text === wanted) continue;
    context.reporter.report(code, found.keyAt, `\`${key}\` of \`${name}\` is only for the type ${wanted}.`);
  }
  if (itemType !== null && type?.text === 'list' && !isBasicType(itemType.text)) {
    const hint = didYouMean(itemType.text, basicTypes);
    const message = `The items of \`${name}\` cannot be of the type \`${itemType.text}\`: only basic types can.`;
    context.reporter.report('invalid-item-type', itemType.at, message, hint);
  }
  checkDisplay(entries.get('display')?.value ?? null, name, context);
}

function checkDisplay(node: Node | null, name: string, context: Context): void {
  if (node === null) return;
  const rows = child(fieldsOf(node, `display of \`${name}\``, ['rows'], context), 'rows');
  if (rows === null || isNull(rows) || isInteger(rows)) return;
  wrong(rows, `\`rows\` of \`${name}\``, 'an integer', context);
}

function checkHidden(node: Node | null, schema: Schema, context: Context): void {
  const hidden = booleanOf(node, `\`hidden\` of \`${schema.name}\``, false, context);
  const { body } = schema;
  const told = body.kind === 'map' && body.entries.has('default');
  if (!hidden || !schema.required || told) return;
  context.reporter.report(
    'hidden-without-default',
    schema.at,
    `\`${schema.name}\` is hidden and required, but has no default.`,
  );
}
