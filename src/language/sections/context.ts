import { didYouMean } from '../diagnostics/suggest.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import {
  describe,
  type Entry,
  isNull,
  type MapNode,
  mapNode,
  type Node,
  type ScalarNode,
} from '../source/node.ts';
import type { Memory } from '../source/memory.ts';
import type { Place } from '../source/place.ts';

/** What every reader of a section is given. `version`: the minor number of the DSL version, 0 to 5. */
export type Context = {
  readonly reporter: Reporter;
  readonly version: number;
  /** Whether what the version does not have yet is an error. */
  readonly checksVersions: boolean;
  /** Whether what the peer refuses without a need is an error. */
  readonly compat: boolean;
  readonly memory: Memory;
};

/** What work on the very same things gave at an earlier compile, else what it gives now. */
export function recalled<T>(
  step: string,
  things: readonly [object, ...unknown[]],
  context: Context,
  work: (context: Context) => T,
  holds?: (result: T) => boolean,
): T {
  const { reporter, version, checksVersions, compat, memory } = context;
  const all = [...things, version, checksVersions, compat] as const;
  return memory.recall(step, all, reporter, (heard) => work({ ...context, reporter: heard }), holds);
}

/** A name with the place where it stands. */
export type Name = { readonly text: string; readonly at: Place };

/** The map that a value must be; nothing counts as an empty one. */
export function mapOf(node: Node, what: string, context: Context): MapNode {
  if (node.kind === 'map') return node;
  if (!isNull(node)) wrong(node, what, 'a map', context);
  return mapNode([], node.at);
}

export function listOf(node: Node | null, what: string, context: Context): readonly Node[] {
  if (node === null || isNull(node)) return [];
  if (node.kind === 'list') return node.items;
  wrong(node, what, 'a list', context);
  return [];
}

/** A map with a fixed set of keys. */
export function fieldsOf(node: Node, what: string, known: readonly string[], context: Context): MapNode {
  const map = mapOf(node, what, context);
  for (const { key, keyAt } of map.entries.values()) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known, `Known here: ${known.join(', ')}.`);
    context.reporter.report('unknown-key', keyAt, `${what} has no key \`${key}\`.`, hint);
  }
  return map;
}

/** The keys with `description`, which Cloudify's parser refuses at some places for no reason. */
export function described(keys: readonly string[], node: Node, { compat }: Context): readonly string[] {
  return compat && !node.at.file.catalogue ? keys : [...new Set([...keys, 'description'])];
}

/** The same one wherever a section is missing. */
export const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/** A map from names to things of one kind. */
export function tableOf<T>(
  node: Node | null,
  what: string,
  context: Context,
  read: (one: Entry) => T | null,
): ReadonlyMap<string, T> {
  if (node === null) return nothing;
  const table = new Map<string, T>();
  for (const one of mapOf(node, what, context).entries.values()) {
    const value = read(one);
    if (value !== null) table.set(one.key, value);
  }
  return table;
}

export function textOf(node: Node | null, what: string, context: Context): Name | null {
  if (node === null || isNull(node)) return null;
  if (node.kind === 'scalar' && typeof node.value === 'string') return { text: node.value, at: node.at };
  wrong(node, what, 'a text', context);
  return null;
}

export function booleanOf(node: Node | null, what: string, fallback: boolean, context: Context): boolean {
  if (node === null || isNull(node)) return fallback;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  wrong(node, what, 'true or false', context);
  return fallback;
}

/** `2.0` is none. */
export function isInteger(node: Node): node is ScalarNode & { readonly value: number } {
  return node.kind === 'scalar' && !node.float && Number.isInteger(node.value);
}

export function wrong(node: Node, what: string, wanted: string, context: Context): void {
  context.reporter.report('wrong-shape', node.at, `${what} must be ${wanted}, not ${describe(node)}.`);
}

/** Reports what the blueprint's version does not have yet; files of the catalogue may use everything. */
export function needsVersion(minor: number, at: Place, what: string, context: Context): void {
  if (at.file.catalogue || !context.checksVersions || context.version >= minor) return;
  const message = `${what} needs cloudify_dsl_1_${minor}; this blueprint is cloudify_dsl_1_${context.version}.`;
  context.reporter.report('version-too-old', at, message);
}

/** The same of a key; one without a value says nothing, in any version. */
export function keyNeedsVersion(minor: number, one: Entry | undefined, what: string, context: Context): void {
  if (one !== undefined && !isNull(one.value)) needsVersion(minor, one.keyAt, what, context);
}

/** Whether a key that must have a value has none. */
export function lacks(map: MapNode, key: string): boolean {
  const value = map.entries.get(key)?.value;
  return value === undefined || isNull(value);
}

export function missingKey(key: string, at: Place, what: string, context: Context): void {
  context.reporter.report('missing-key', at, `${what} needs a \`${key}\`.`);
}
