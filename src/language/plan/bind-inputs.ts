import type { JsonObject } from '../../contracts/json.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Context } from '../sections/context.ts';
import type { Schema } from '../sections/schema.ts';
import { entry, fromJson, type Node, scalarNode } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import type { Resolved } from '../types/resolve.ts';
import { type Binding, bindValues } from '../types/values.ts';

/**
 * The values of the blueprint's inputs: those given, else the defaults. `given` null: only validate, so
 * that inputs without a default have no value and that is no error.
 */
export function bindInputs(
  schemas: ReadonlyMap<string, Schema>,
  given: JsonObject | null,
  dataTypes: ReadonlyMap<string, Resolved>,
  top: Place,
  context: Context,
): ReadonlyMap<string, Node> {
  reportUnknown(schemas, given ?? {}, top, context);
  const values = new Map<string, Node>();
  for (const schema of schemas.values()) {
    const value = given !== null && Object.hasOwn(given, schema.name) ? given[schema.name] : undefined;
    const entries = value === undefined ? [] : [entry(schema.name, fromJson(value, schema.at))];
    const binding: Binding = { owner: 'The input', at: schema.at, mayMiss: true, dataTypes, context };
    const found = bindValues(
      new Map(entries.map((one) => [one.key, one])),
      new Map([[schema.name, schema]]),
      binding,
    );
    const bound = found.get(schema.name);
    if (bound !== undefined) values.set(schema.name, bound);
    else if (given !== null) {
      if (schema.required) reportMissing(schema, context);
      values.set(schema.name, scalarNode(null, schema.at));
    }
  }
  return values;
}

function reportMissing(schema: Schema, context: Context): void {
  context.reporter.report(
    'missing-input',
    schema.at,
    `The input \`${schema.name}\` is required but was not given.`,
  );
}

function reportUnknown(
  schemas: ReadonlyMap<string, Schema>,
  given: JsonObject,
  top: Place,
  context: Context,
): void {
  for (const name of Object.keys(given).filter((one) => !schemas.has(one))) {
    const message = `The input \`${name}\` was given, but the blueprint does not declare it.`;
    context.reporter.report('unknown-input', top, message, didYouMean(name, schemas.keys()));
  }
}
