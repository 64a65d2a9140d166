import { asFunction } from '../plan/calls.ts';
import { child, describe, type MapNode, type Node } from '../source/node.ts';
import { type Context, isInteger, needsVersion } from './context.ts';
import type { Plugin } from './plugins.ts';

/** The plugins of a file with the values that its import gives for their properties. */
export function applyProperties(
  plugins: ReadonlyMap<string, Plugin>,
  given: MapNode | null,
  context: Context,
): ReadonlyMap<string, Plugin> {
  if (given === null) return plugins;
  needsVersion(5, given.at, 'An import with properties', context);
  return new Map([...plugins].map(([name, plugin]) => [name, applyTo(plugin, given, context)]));
}

function applyTo(plugin: Plugin, given: MapNode, context: Context): Plugin {
  if (plugin.properties === null || plugin.properties.entries.size === 0) return plugin;
  const values = new Map(plugin.values);
  for (const { key, keyAt, value } of given.entries.values()) {
    const schema = child(plugin.properties, key);
    const type = schema?.kind === 'map' ? child(schema, 'type') : null;
    const problem = schema === null ? 'has no such property' : mismatch(type, value);
    if (type !== null && isOther(type)) {
      const message = `\`${key}\` of the plugin \`${plugin.name}\` cannot be given a value: its type is ${describe(type)}.`;
      context.reporter.report('invalid-import', keyAt, message);
    } else if (problem === null) values.set(key, value);
    else {
      const message = `\`${key}\` cannot be given to the plugin \`${plugin.name}\`: it ${problem}.`;
      context.reporter.report('invalid-import-properties', keyAt, message);
    }
  }
  return { ...plugin, values };
}

const givable = ['string', 'integer', 'float', 'boolean', 'list'];

/** Whether an import can give no value of a type. */
function isOther(type: Node): boolean {
  return type.kind !== 'scalar' || !givable.includes(String(type.value));
}

function mismatch(type: Node | null, value: Node): string | null {
  const name = type?.kind === 'scalar' ? String(type.value) : '';
  return asFunction(value) !== null || fits(value, name) ? null : `is of the type ${name}`;
}

function fits(value: Node, type: string): boolean {
  if (type === 'list') return value.kind === 'list';
  if (value.kind !== 'scalar') return false;
  const kind = typeof value.value;
  if (type === 'string') return kind === 'string' || kind === 'boolean' || isInteger(value);
  if (type === 'integer') return kind === 'boolean' || isInteger(value);
  if (type === 'float') return kind === 'boolean' || kind === 'number';
  return type === 'boolean' && kind === 'boolean';
}
