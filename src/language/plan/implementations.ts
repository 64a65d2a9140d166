import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Context, Name } from '../sections/context.ts';
import { delimiter, withoutNamespaces } from '../sections/namespaces.ts';
import type { Plugin } from '../sections/plugins.ts';
import { type Node, scalarNode } from '../source/node.ts';
import type { Operation } from '../types/merge-operation.ts';

export type Resolver = {
  readonly plugins: ReadonlyMap<string, Plugin>;
  /** Paths in implementations that are files of the blueprint. */
  readonly scripts: ReadonlySet<string>;
  /** Blueprints that are imported, by namespace; their scripts are theirs to have. */
  readonly blueprints: ReadonlyMap<string, string>;
  readonly context: Context;
};

export type Implementation = {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly mapping: Mapping;
};
/** Which plugin does it, and by what; a script is done by the plugin for scripts. */
export type Mapping = {
  readonly plugin: Plugin;
  readonly operation: string;
  /** The input that holds the script: its path, or its text. Null: no script. */
  readonly script: { readonly input: 'script_path' | 'script_source'; readonly value: string } | null;
};
/** An operation, or a workflow, which has parameters for inputs. */
type Mapped = {
  readonly name: string;
  readonly implementation: Name;
  readonly inputs: ReadonlyMap<string, unknown>;
};

const scriptOperation = 'scripts.run';
const scriptPlugin = 'script';

/** What an operation's implementation means: a script of the blueprint, or an operation of a plugin. */
export function resolveImplementation(
  operation: Operation,
  unknownPlugin: DiagnosticCode,
  resolver: Resolver,
): Implementation | null {
  const mapping = resolveMapping(operation, unknownPlugin, resolver);
  if (mapping === null) return null;
  const { text, at } = operation.implementation;
  const { script } = mapping;
  if (script === null) {
    const name = withoutPlugin(withoutNamespaces(text).at(-1) ?? text);
    return { name, inputs: operation.inputs, mapping };
  }
  const path = script.input === 'script_source' ? script.value : pathOf(script.value, resolver.scripts);
  const inputs = new Map([...operation.inputs, [script.input, scalarNode(path, at)]]);
  return { name: scriptOperation, inputs, mapping };
}

function pathOf(value: string, scripts: ReadonlySet<string>): string {
  return withoutNamespaces(value).find((path) => scripts.has(path)) ?? value;
}

export function resolveMapping(
  mapped: Mapped,
  unknownPlugin: DiagnosticCode,
  resolver: Resolver,
): Mapping | null {
  const { plugins, scripts, context } = resolver;
  const { text, at } = mapped.implementation;
  const offering = pluginsOf(text, plugins);
  if (isInline(text)) return resolveScript(mapped, 'script_source', resolver);
  const isPath = isUrl(text) || withoutNamespaces(text).some((path) => scripts.has(path));
  if (isPath || (offering.length === 0 && isOfBlueprint(text, resolver))) {
    return resolveScript(mapped, 'script_path', resolver);
  }
  const [plugin, ...others] = offering;
  if (plugin !== undefined && others.length === 0) {
    const start = text.indexOf(`${plugin.name}.`) + plugin.name.length + 1;
    return { plugin, operation: text.slice(start), script: null };
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

/** Plugins by whose name the mapping begins. One that ships with Braid has the same name everywhere. */
function pluginsOf(mapping: string, plugins: ReadonlyMap<string, Plugin>): readonly Plugin[] {
  const [whole, ...shorter] = withoutNamespaces(mapping);
  const exact = beginningOf(whole ?? mapping, plugins);
  if (exact.length > 0) return exact;
  return shorter.flatMap((one) => beginningOf(one, plugins)).filter((plugin) => plugin.at.file.catalogue);
}

function beginningOf(mapping: string, plugins: ReadonlyMap<string, Plugin>): readonly Plugin[] {
  const found: Plugin[] = [];
  for (let dot = mapping.indexOf('.'); dot >= 0; dot = mapping.indexOf('.', dot + 1)) {
    const plugin = plugins.get(mapping.slice(0, dot));
    if (plugin !== undefined) found.push(plugin);
  }
  return found;
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text);
}

function isOfBlueprint(text: string, { blueprints }: Resolver): boolean {
  return withoutNamespaces(text).some((rest) =>
    blueprints.has(text.slice(0, -rest.length - delimiter.length)),
  );
}

/** The paths that an implementation may mean, each worth asking for. */
export function possiblePaths(text: string): readonly string[] {
  return text === '' || isInline(text) ? [] : withoutNamespaces(text);
}

function isInline(text: string): boolean {
  return text.trim().includes('\n');
}

/** Cloudify's plugin for scripts has its plugin's name before the function's. */
function withoutPlugin(text: string): string {
  return text === 'script.script_runner.tasks.run' ? scriptOperation : text;
}

function resolveScript(
  { name, implementation: { text, at }, inputs }: Mapped,
  input: 'script_path' | 'script_source',
  { plugins, context }: Resolver,
): Mapping | null {
  const reserved = ['script_path', 'script_source'].find((one) => inputs.has(one));
  if (reserved !== undefined) {
    const message = `\`${name}\` is a script and cannot have an input \`${reserved}\`.`;
    context.reporter.report('reserved-input', at, message);
  }
  const plugin = [...plugins.values()].find((one) => one.name.endsWith(scriptPlugin)) ?? null;
  if (plugin === null) {
    context.reporter.report(
      'no-script-plugin',
      at,
      `\`${name}\` is a script, but there is no script plugin.`,
    );
    return null;
  }
  return { plugin, operation: 'script_runner.tasks.run', script: { input, value: text } };
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
