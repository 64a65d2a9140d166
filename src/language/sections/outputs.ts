import { child, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, fieldsOf, missingKey, tableOf, textOf } from './context.ts';

/** An output or a capability of the blueprint. */
export type Output = {
  readonly name: string;
  readonly at: Place;
  readonly description: string | null;
  readonly value: Node;
};

export function readOutputs(
  node: Node | null,
  section: 'outputs' | 'capabilities',
  context: Context,
): ReadonlyMap<string, Output> {
  return tableOf(node, section, context, (one) => readOutput(one, section, context));
}

function readOutput({ key, keyAt, value }: Entry, section: string, context: Context): Output | null {
  const what = `\`${key}\` of ${section}`;
  const fields = fieldsOf(value, what, ['description', 'value'], context);
  const found = child(fields, 'value');
  const description =
    textOf(child(fields, 'description'), `The description of ${what}`, context)?.text ?? null;
  if (found === null || isNull(found)) {
    missingKey('value', keyAt, what, context);
    return null;
  }
  return { name: key, at: keyAt, description, value: found };
}
