import { isJsonObject, type Json, type JsonObject } from '../../../../src/contracts/json.ts';
import { createReporter } from '../../../../src/language/diagnostics/reporter.ts';
import type { Model } from '../../../../src/language/index.ts';
import type { Schema } from '../../../../src/language/sections/schema.ts';
import { toJson } from '../../../../src/language/source/node.ts';
import { defaultOf } from '../../../../src/language/types/values.ts';
import { bodiesOf } from './view.ts';

/** Schemas as written, with the defaults that they inherit and that their types have. */
export function schemasOf(
  schemas: ReadonlyMap<string, Schema>,
  model: Model | null,
  kind: 'properties' | 'inputs' = 'properties',
): JsonObject {
  return Object.fromEntries(
    [...schemas.values()].map((schema) => {
      const written = toJson(schema.body);
      const own = isJsonObject(written) ? written : {};
      const fallback = fallbackOf(schema, model, kind);
      const shown: JsonObject = fallback === undefined ? {} : { default: fallback };
      return [schema.name, { ...own, ...shown }];
    }),
  );
}

function fallbackOf(schema: Schema, model: Model | null, kind: 'properties' | 'inputs'): Json | undefined {
  if (kind === 'inputs' && schema.default === null) return undefined;
  if (model === null) return schema.default === null ? undefined : toJson(schema.default);
  const context = { ...model.resolver.context, reporter: createReporter() };
  const { dataTypes } = model.types;
  const found = defaultOf(schema, { owner: '', at: schema.at, mayMiss: true, dataTypes, context });
  if (found !== null) return toJson(found);
  return dataTypes.has(schema.type?.text ?? '') ? {} : undefined;
}

export function dataTypesOf(model: Model): JsonObject {
  const { blueprint, types } = model;
  return Object.fromEntries(
    Object.entries(bodiesOf(blueprint.dataTypes)).map(([name, body]) => {
      const properties = schemasOf(types.dataTypes.get(name)?.properties ?? new Map(), model);
      return [name, { ...Object(body), properties }];
    }),
  );
}

/** An input's default is as complete as its type makes it. */
export function inputsOf(model: Model): JsonObject {
  return Object.fromEntries(
    Object.entries(bodiesOf(model.blueprint.inputs)).map(([name, body]) => {
      const value = model.inputs.get(name);
      const written = model.blueprint.inputs.get(name)?.default ?? null;
      const shown: JsonObject = written === null || value === undefined ? {} : { default: toJson(value) };
      return [name, { ...Object(body), ...shown }];
    }),
  );
}
