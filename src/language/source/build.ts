import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node as YamlNode,
  type Scalar as YamlScalar,
  type YAMLMap,
} from 'yaml';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { entry, type Entry, type MapNode, type Node, scalarNode } from './node.ts';
import { type Origin, type Place, placeIn } from './place.ts';
import { isFloat, plainScalar } from './scalars.ts';
import type { SizeOf } from './size.ts';

/** What the aliases of a file may make of it, and how deep it may go. */
const limits = { depth: 100, values: 2_000_000 } as const;

export type Reading = {
  readonly reporter: Reporter;
  readonly anchors: Map<string, Node>;
  /** With aliases expanded. */
  readonly sizeOf: SizeOf;
  /** What the places count from of the piece that is being built. */
  readonly origin: Origin;
  /** Told once: nothing more is built. */
  readonly stop: { told: boolean };
};

export function build(yaml: YamlNode, reading: Reading, depth: number): Node {
  const at = placeOf(yaml, reading);
  if (reading.stop.told) return scalarNode(null, at);
  if (depth > limits.depth) {
    return stop('too-deep', at, `Values are nested more than ${limits.depth} deep.`, reading);
  }
  const node = buildKind(yaml, at, reading, depth);
  if (!isAlias(yaml) && yaml.anchor !== undefined) reading.anchors.set(yaml.anchor, node);
  return measured(node, reading);
}

export function measured(node: Node, reading: Reading): Node {
  // Only aliases make a file mean more than it says.
  if (reading.anchors.size === 0) return node;
  if (reading.sizeOf(node) > limits.values) {
    return stop(
      'too-many-aliases',
      node.at,
      `With its aliases this holds more than ${limits.values} values.`,
      reading,
    );
  }
  return node;
}

/** A missing value is null, at the place of what it belongs to. */
export function buildAny(yaml: unknown, at: Place, reading: Reading, depth: number): Node {
  return isNode(yaml) ? build(yaml, reading, depth) : scalarNode(null, at);
}

function buildKind(yaml: YamlNode, at: Place, reading: Reading, depth: number): Node {
  if (isAlias(yaml)) return aliased(yaml, at, reading);
  if (isScalar(yaml)) return buildScalar(yaml, at);
  if (isSeq(yaml)) {
    return { kind: 'list', items: yaml.items.map((item) => buildAny(item, at, reading, depth + 1)), at };
  }
  return isMap(yaml) ? buildMap(yaml, at, reading, depth) : scalarNode(null, at);
}

function aliased(yaml: Alias, at: Place, reading: Reading): Node {
  const node = reading.anchors.get(yaml.source);
  if (node !== undefined) return node;
  reading.reporter.report('unknown-alias', at, `There is no anchor \`${yaml.source}\` before this alias.`);
  return scalarNode(null, at);
}

function buildScalar(yaml: YamlScalar, at: Place): Node {
  const text = typeof yaml.value === 'string' ? yaml.value : '';
  if (yaml.type === 'BLOCK_LITERAL' || yaml.type === 'BLOCK_FOLDED') return scalarNode(text, at, true);
  const plain = yaml.type === undefined || yaml.type === 'PLAIN';
  if (!plain || yaml.tag === 'tag:yaml.org,2002:str') return scalarNode(text, at);
  const value = plainScalar(text);
  return scalarNode(value, at, false, typeof value === 'number' && isFloat(text));
}

function buildMap(yaml: YAMLMap, at: Place, reading: Reading, depth: number): MapNode {
  const table = newTable();
  for (const pair of yaml.items) {
    const key = buildAny(pair.key, at, reading, depth + 1);
    addPair(table, key, buildAny(pair.value, key.at, reading, depth + 1), isMergeKey(pair.key), reading);
  }
  return tableNode(table, at);
}

type Table = { readonly own: Map<string, Entry>; readonly merged: Map<string, Entry> };

export function newTable(): Table {
  return { own: new Map(), merged: new Map() };
}

export function addPair(table: Table, key: Node, value: Node, isMerge: boolean, reading: Reading): void {
  if (isMerge) mergeInto(table.merged, value, reading);
  else addEntry(table.own, key, value, reading);
}

export function tableNode({ own, merged }: Table, at: Place): MapNode {
  if (merged.size === 0) return { kind: 'map', entries: own, at };
  for (const [name, one] of own) merged.set(name, one);
  return { kind: 'map', entries: merged, at };
}

export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function mergeInto(merged: Map<string, Entry>, value: Node, reading: Reading): void {
  const maps = value.kind === 'list' ? value.items : [value];
  for (const map of maps) {
    if (map.kind !== 'map') {
      reading.reporter.report('bad-merge', map.at, 'Only a map, or a list of maps, can be merged with `<<`.');
      continue;
    }
    for (const one of map.entries.values()) if (!merged.has(one.key)) merged.set(one.key, one);
  }
}

function addEntry(own: Map<string, Entry>, key: Node, value: Node, reading: Reading): void {
  if (reading.stop.told) return;
  if (key.kind !== 'scalar' || typeof key.value !== 'string') {
    const found =
      key.kind === 'scalar' ? `\`${key.value}\` is a ${kindOf(key.value)}` : 'this is a structure';
    reading.reporter.report('non-text-key', key.at, `A key must be a text, but ${found}.`);
    return;
  }
  const earlier = own.get(key.value);
  if (earlier !== undefined) {
    const message = `\`${key.value}\` is there twice; only this one counts.`;
    reading.reporter.report('duplicate-key', key.at, message);
  }
  own.set(key.value, entry(key.value, value, key.at));
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

function stop(code: DiagnosticCode, at: Place, message: string, reading: Reading): Node {
  reading.reporter.report(code, at, message);
  reading.stop.told = true;
  return scalarNode(null, at);
}

function placeOf(yaml: YamlNode, { origin }: Reading): Place {
  const [start, end] = yaml.range ?? [0, 0];
  return placeIn(origin, start, end);
}
