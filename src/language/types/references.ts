import { didYouMean } from '../diagnostics/suggest.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import { type Context, type Name, needsVersion } from '../sections/context.ts';
import { allSchemas } from './all-schemas.ts';
import { basicTypes, isBasicType, sinceVersion } from './basic-types.ts';

export function checkPrimitives(blueprint: Blueprint, context: Context): void {
  for (const { name, at } of blueprint.dataTypes.values()) {
    if (!isBasicType(name)) continue;
    const message = `The data type \`${name}\` has the name of a basic type.`;
    context.reporter.report('primitive-redefined', at, message);
  }
}

/** Every schema must be of a type that exists. */
export function checkReferences(blueprint: Blueprint, context: Context): void {
  const known = [...basicTypes, ...blueprint.dataTypes.keys()];
  const knownSet = new Set(known);
  for (const { schema } of allSchemas(blueprint)) {
    for (const type of [schema.type, schema.itemType]) if (type !== null) check(schema.name, type);
  }
  for (const plugin of blueprint.plugins.values()) {
    for (const [property, type] of plugin.propertyTypes) check(property, type);
  }

  function check(owner: string, type: Name): void {
    const since = sinceVersion(type.text);
    if (since > 0) needsVersion(since, type.at, `The type ${type.text}`, context);
    if (knownSet.has(type.text)) return;
    const message = `\`${owner}\` is of the type \`${type.text}\`, which is not defined.`;
    context.reporter.report('unknown-data-type', type.at, message, didYouMean(type.text, known));
  }
}
