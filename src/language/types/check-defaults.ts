import type { Blueprint } from '../sections/blueprint.ts';
import { isNull } from '../source/node.ts';
import type { Context } from '../sections/context.ts';
import { allSchemas } from './all-schemas.ts';
import type { Resolved } from './resolve.ts';
import { checkDefault } from './values.ts';

/** Every default must be of its schema's type, whether anything uses it or not. */
export function checkDefaults(
  blueprint: Blueprint,
  dataTypes: ReadonlyMap<string, Resolved>,
  context: Context,
): void {
  for (const { schema, complete } of allSchemas(blueprint)) {
    // Whether null will do is seen where it is used: a node may give another value.
    if (schema.default === null || schema.type === null || isNull(schema.default)) continue;
    const owner = `The default of \`${schema.name}\``;
    checkDefault(schema, { owner, at: schema.default.at, mayMiss: !complete, dataTypes, context });
  }
}
