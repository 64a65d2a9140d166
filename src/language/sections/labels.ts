import { child, describe, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, fieldsOf, listOf, missingKey, tableOf, textOf } from './context.ts';

/** A label or a tag, as a name with its values. */
export type Label = {
  readonly name: string;
  readonly at: Place;
  readonly values: readonly Node[];
  readonly body: Node;
};

/** Labels of deployments. A value may be computed, but not from what only run time knows. */
export function readLabels(node: Node | null, context: Context): ReadonlyMap<string, Label> {
  return readTable(node, 'labels', checkLabel, context);
}

/** Labels of the blueprint itself: known before anything is computed. */
export function readBlueprintLabels(node: Node | null, context: Context): ReadonlyMap<string, Label> {
  return readTable(node, 'blueprint_labels', checkBlueprintLabel, context);
}

/** Names with one value each. */
export function readTags(node: Node | null, section: string, context: Context): ReadonlyMap<string, Label> {
  return tableOf(node, section, context, ({ key, keyAt, value }) => {
    return { name: key, at: keyAt, values: [value], body: value };
  });
}

/** Ids of blueprints, by the namespaces that they are imported with. */
export function readNamespaces(node: Node | null, context: Context): ReadonlyMap<string, Label> {
  const namespaces = readTags(node, 'namespaces_mapping', context);
  for (const { name, body } of namespaces.values()) textOf(body, `The namespace \`${name}\``, context);
  return namespaces;
}

type Check = (value: Node) => string | null;

function readTable(
  node: Node | null,
  section: string,
  check: Check,
  context: Context,
): ReadonlyMap<string, Label> {
  return tableOf(node, section, context, (one) => readLabel(one, section, check, context));
}

function readLabel({ key, keyAt, value }: Entry, section: string, check: Check, context: Context): Label {
  const what = `The label \`${key}\` of ${section}`;
  const fields = fieldsOf(value, what, ['values'], context);
  const found = child(fields, 'values');
  if (found === null || isNull(found)) missingKey('values', keyAt, what, context);
  const values = listOf(found, `The values of \`${key}\``, context);
  for (const one of values) {
    const problem = check(one);
    if (problem !== null)
      context.reporter.report('invalid-label', one.at, `A value of \`${key}\` ${problem}.`);
  }
  return { name: key, at: keyAt, values, body: value };
}

function checkBlueprintLabel(value: Node): string | null {
  return isText(value) ? null : `must be a text, not ${describe(value)}`;
}

function checkLabel(value: Node): string | null {
  if (value.kind === 'map') {
    return value.entries.has('get_attribute') ? 'is needed before anything runs: no get_attribute' : null;
  }
  return isText(value) ? null : `must be a text or a function, not ${describe(value)}`;
}

function isText(value: Node): boolean {
  return value.kind === 'scalar' && typeof value.value === 'string';
}
