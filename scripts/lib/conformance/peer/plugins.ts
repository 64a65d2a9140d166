import { isJsonObject, type JsonObject } from '../../../../src/contracts/json.ts';
import type { Plugin } from '../../../../src/language/sections/plugins.ts';
import { toJson } from '../../../../src/language/source/node.ts';

const texts = [
  'source',
  'install_arguments',
  'package_name',
  'package_version',
  'supported_platform',
  'distribution',
  'distribution_version',
  'distribution_release',
  'properties_description',
];

export function pluginOf({ name, body, executor, install, properties, values }: Plugin): JsonObject {
  const written = toJson(body);
  const own = isJsonObject(written) ? written : {};
  const schemas = properties === null ? {} : toJson(properties);
  const given = Object.entries(isJsonObject(schemas) ? schemas : {}).map(([key, schema]) => {
    const value = values.get(key);
    return [key, value === undefined ? schema : { ...Object(schema), value: toJson(value) }];
  });
  return {
    ...Object.fromEntries(texts.map((key) => [key, own[key] ?? null])),
    name,
    executor,
    install,
    properties: Object.fromEntries(given),
  };
}
