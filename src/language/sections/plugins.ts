import { child, type Entry, isNull, type MapNode, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import {
  booleanOf,
  type Context,
  fieldsOf,
  mapOf,
  missingKey,
  type Name,
  keyNeedsVersion,
  tableOf,
  textOf,
} from './context.ts';

export type Plugin = {
  readonly name: string;
  readonly at: Place;
  readonly body: Node;
  readonly executor: 'central_deployment_agent' | 'host_agent';
  readonly install: boolean;
  /** Schemas of what an import may give it, and what was given. */
  readonly properties: MapNode | null;
  /** Of each property that tells it. */
  readonly propertyTypes: ReadonlyMap<string, Name>;
  readonly values: ReadonlyMap<string, Node>;
};

const newer = {
  install_arguments: 1,
  package_name: 2,
  package_version: 2,
  supported_platform: 2,
  distribution: 2,
  distribution_version: 2,
  distribution_release: 2,
  properties: 5,
  properties_description: 5,
} as const;
const keys = ['executor', 'source', 'install', ...Object.keys(newer)];
const texts = ['source', ...Object.keys(newer)].filter((key) => key !== 'properties');

export function readPlugins(node: Node | null, context: Context): ReadonlyMap<string, Plugin> {
  return tableOf(node, 'plugins', context, (one) => readPlugin(one, context));
}

function readPlugin({ key, keyAt, value }: Entry, context: Context): Plugin {
  const what = `The plugin \`${key}\``;
  const fields = fieldsOf(value, what, keys, context);
  for (const [field, minor] of Object.entries(newer)) {
    keyNeedsVersion(minor, fields.entries.get(field), `\`${field}\` of a plugin`, context);
  }
  for (const field of texts) textOf(child(fields, field), `\`${field}\` of \`${key}\``, context);
  const install = booleanOf(child(fields, 'install'), `\`install\` of \`${key}\``, true, context);
  const from = [child(fields, 'source'), child(fields, 'package_name')];
  if (install && from.every((one) => one === null || isNull(one) || isEmpty(one))) {
    context.reporter.report('plugin-source', keyAt, `${what} has neither source nor package_name.`);
  }
  const properties = readProperties(child(fields, 'properties'), key, context);
  return {
    name: key,
    at: keyAt,
    body: value,
    executor: readExecutor(fields.entries.get('executor'), keyAt, what, context),
    install,
    properties,
    propertyTypes: readTypes(properties, context),
    values: new Map(),
  };
}

function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && node.value === '';
}

function readProperties(node: Node | null, owner: string, context: Context): MapNode | null {
  if (node === null || isNull(node)) return null;
  const map = mapOf(node, `The properties of the plugin \`${owner}\``, context);
  for (const { key, value } of map.entries.values()) {
    const what = `The property \`${key}\``;
    const fields = fieldsOf(value, what, ['type', 'description', 'display_label', 'value'], context);
    for (const field of ['description', 'display_label']) {
      textOf(child(fields, field), `\`${field}\` of \`${key}\``, context);
    }
  }
  return map;
}

function readTypes(properties: MapNode | null, context: Context): ReadonlyMap<string, Name> {
  const types = [...(properties?.entries.values() ?? [])].flatMap(({ key, value }) => {
    const type = value.kind === 'map' ? child(value, 'type') : null;
    const name = textOf(type, `The type of the property \`${key}\``, context);
    return name === null ? [] : [[key, name] as const];
  });
  return new Map(types);
}

function readExecutor(one: Entry | undefined, at: Place, what: string, context: Context): Plugin['executor'] {
  const executor = textOf(one?.value ?? null, `The executor of ${what}`, context);
  if (one === undefined || isNull(one.value)) missingKey('executor', at, what, context);
  if (executor === null) return 'central_deployment_agent';
  if (executor.text === 'central_deployment_agent' || executor.text === 'host_agent') return executor.text;
  context.reporter.report(
    'plugin-executor',
    executor.at,
    `${what} has an unknown executor \`${executor.text}\`.`,
  );
  return 'central_deployment_agent';
}
