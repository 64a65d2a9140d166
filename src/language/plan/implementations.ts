import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Context } from '../sections/context.ts';
import { withoutNamespaces } from '../sections/namespaces.ts';
import type { Plugin } from '../sections/plugins.ts';
import { type Node, scalarNode } from '../source/node.ts';
import type { Operation } from '../types/merge-operation.ts';

export type Resolver = {
  readonly plugins: ReadonlyMap<string, Plugin>;
  /** Paths in implementations that are files of the blueprint. */
  readonly scripts: ReadonlySet<string>;
  readonly context: Context;
};

export type Implementation = {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly plugin: Plugin | null;
};

const scriptOperation = 'scripts.run';
const scriptPlugin = 'script';

/** What an operation's implementation means: a script of the blueprint, or an operation of a plugin. */
export function resolveImplementation(
  operation: Operation,
  unknownPlugin: DiagnosticCode,
  { plugins, scripts, context }: Resolver,
): Implementation | null {
  const { text, at } = operation.implementation;
  const spellings = withoutNamespaces(text);
  const script = isInline(text) ? text : spellings.find((path) => scripts.has(path));
  if (script !== undefined) return resolveScript(operation, script, { plugins, scripts, context });
  const offering = spellings.map((name) => pluginsOf(name, plugins)).find((found) => found.length > 0) ?? [];
  const [plugin, ...others] = offering;
  if (plugin !== undefined && others.length === 0) {
    return { name: withoutPlugin(spellings.at(-1) ?? text), inputs: operation.inputs, plugin };
  }
  if (plugin !== undefined) {
    const names = offering.map((one) => `\`${one.name}\``).join(' and ');
    context.reporter.report('ambiguous-plugin', at, `\`${text}\` may be of the plugins ${names}.`);
    return null;
  }
  context.reporter.report(
    unknownPlugin,
    at,
    `No plugin offers \`${text}\`, and no such file exists.`,
    hintFor(text, plugins, scripts),
  );
  return null;
}

function pluginsOf(mapping: string, plugins: ReadonlyMap<string, Plugin>): readonly Plugin[] {
  const found: Plugin[] = [];
  for (let dot = mapping.indexOf('.'); dot >= 0; dot = mapping.indexOf('.', dot + 1)) {
    const plugin = plugins.get(mapping.slice(0, dot));
    if (plugin !== undefined) found.push(plugin);
  }
  return found;
}

/** The paths that an implementation may mean, each worth asking for. */
export function possiblePaths(text: string): readonly string[] {
  return text === '' || isInline(text) ? [] : withoutNamespaces(text);
}

function isInline(text: string): boolean {
  return text.includes('\n');
}

/** Cloudify's plugin for scripts has its plugin's name before the function's. */
function withoutPlugin(text: string): string {
  return text === 'script.script_runner.tasks.run' ? scriptOperation : text;
}

function resolveScript(
  operation: Operation,
  script: string,
  { plugins, context }: Resolver,
): Implementation | null {
  const { at } = operation.implementation;
  const input = isInline(script) ? 'script_source' : 'script_path';
  const plugin =
    [...plugins.values()].find((one) => withoutNamespaces(one.name).at(-1) === scriptPlugin) ?? null;
  if (plugin === null) {
    context.reporter.report(
      'no-script-plugin',
      at,
      `\`${operation.name}\` is a script, but there is no script plugin.`,
    );
    return null;
  }
  if (operation.inputs.has(input)) {
    context.reporter.report(
      'reserved-input',
      at,
      `\`${operation.name}\` is a script and cannot have an input \`${input}\`.`,
    );
  }
  return {
    name: scriptOperation,
    inputs: new Map([...operation.inputs, [input, scalarNode(script, at)]]),
    plugin: null,
  };
}

function hintFor(text: string, plugins: ReadonlyMap<string, Plugin>, scripts: ReadonlySet<string>): string {
  if (text.includes('/')) return 'Check the path: it starts at the blueprint’s folder.';
  const first = text.split('.')[0] ?? text;
  const meant = suggest(first, plugins.keys());
  if (meant !== null) return `Did you mean the plugin \`${meant}\`?`;
  return scripts.size === 0 && plugins.size === 0
    ? 'Import the plugin.'
    : `Plugins here: ${[...plugins.keys()].join(', ')}.`;
}
