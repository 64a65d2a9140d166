import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Pair } from './memory.ts';
import { entry, type Entry, type MapNode, type Node, scalarNode } from './node.ts';
import { type Origin, type Place, placeIn } from './place.ts';
import { isFloat, plainScalar } from './scalars.ts';
import type { SizeOf } from './size.ts';
import {
  deepest,
  type Written,
  type WrittenAlias,
  type WrittenMap,
  type WrittenPair,
  type WrittenScalar,
} from './written.ts';

/** How many values the aliases of a file may make of it. */
const mostValues = 2_000_000;

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

/** A missing value is null, at the place of what it belongs to. */
export function build(written: Written | null, around: Place, reading: Reading, depth: number): Node {
  if (written === null) return scalarNode(null, around);
  const at = placeIn(reading.origin, written.start, written.end);
  if (reading.stop.told) return scalarNode(null, at);
  if (depth > deepest) {
    return stop('too-deep', at, `Values are nested more than ${deepest} deep.`, reading);
  }
  const node = buildKind(written, at, reading, depth);
  if (written.kind !== 'alias' && written.anchor !== null) reading.anchors.set(written.anchor, node);
  return measured(node, reading);
}

export function measured(node: Node, reading: Reading): Node {
  // Only aliases make a file mean more than it says.
  if (reading.anchors.size === 0) return node;
  if (reading.sizeOf(node) > mostValues) {
    return stop(
      'too-many-aliases',
      node.at,
      `With its aliases this holds more than ${mostValues} values.`,
      reading,
    );
  }
  return node;
}

function buildKind(written: Written, at: Place, reading: Reading, depth: number): Node {
  if (written.kind === 'alias') return aliased(written, at, reading);
  if (written.kind === 'scalar') return buildScalar(written, at);
  if (written.kind === 'map') return buildMap(written, at, reading, depth);
  return { kind: 'list', items: written.items.map((item) => build(item, at, reading, depth + 1)), at };
}

function aliased({ of }: WrittenAlias, at: Place, reading: Reading): Node {
  const node = reading.anchors.get(of);
  if (node !== undefined) return node;
  reading.reporter.report('unknown-alias', at, `There is no anchor \`${of}\` before this alias.`);
  return scalarNode(null, at);
}

function buildScalar({ text, form }: WrittenScalar, at: Place): Node {
  if (form !== 'plain') return scalarNode(text, at, form === 'block');
  const value = plainScalar(text);
  return scalarNode(value, at, false, typeof value === 'number' && isFloat(text));
}

function buildMap({ pairs }: WrittenMap, at: Place, reading: Reading, depth: number): MapNode {
  const table = newTable();
  for (const pair of pairs) addPair(table, buildPair(pair, at, reading, depth + 1), reading);
  return tableNode(table, at);
}

export function buildPair(pair: WrittenPair, at: Place, reading: Reading, depth: number): Pair {
  const key = build(pair.key, at, reading, depth);
  return { key, value: build(pair.value, key.at, reading, depth), isMerge: isMergeKey(pair.key) };
}

type Table = { readonly own: Map<string, Entry>; readonly merged: Map<string, Entry> };

export function newTable(): Table {
  return { own: new Map(), merged: new Map() };
}

export function addPair(table: Table, { key, value, isMerge }: Pair, reading: Reading): void {
  if (isMerge) mergeInto(table.merged, value, reading);
  else addEntry(table.own, key, value, reading);
}

export function tableNode({ own, merged }: Table, at: Place): MapNode {
  if (merged.size === 0) return { kind: 'map', entries: own, at };
  for (const [name, one] of own) merged.set(name, one);
  return { kind: 'map', entries: merged, at };
}

function isMergeKey(key: Written | null): boolean {
  return key?.kind === 'scalar' && key.text === '<<' && key.form === 'plain';
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
