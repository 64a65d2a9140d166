import { isJsonObject, type JsonObject } from '../../../../src/contracts/json.ts';
import type { Schema } from '../../../../src/language/sections/schema.ts';
import { toJson } from '../../../../src/language/source/node.ts';

/** Schemas as written, with the defaults that they inherit. */
export function schemasOf(schemas: ReadonlyMap<string, Schema>): JsonObject {
  return Object.fromEntries(
    [...schemas.values()].map((schema) => {
      const written = toJson(schema.body);
      const own = isJsonObject(written) ? written : {};
      const fallback: JsonObject = schema.default === null ? {} : { default: toJson(schema.default) };
      return [schema.name, { ...own, ...fallback }];
    }),
  );
}
