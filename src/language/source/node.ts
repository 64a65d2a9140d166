import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { Place } from './place.ts';

/** A value of a file with its place. Shared where an anchor is, so never changed. */
export type Node = ScalarNode | ListNode | MapNode;
export type Scalar = string | number | boolean | null;
export type ScalarNode = {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** Whether it was written as a block of text (`|` or `>`). */
  readonly block: boolean;
  /** Whether it was written as a number with a point, which `2.0` would not tell any more. */
  readonly float: boolean;
  readonly at: Place;
};
export type ListNode = { readonly kind: 'list'; readonly items: readonly Node[]; readonly at: Place };
export type MapNode = {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
};
export type Entry = { readonly key: string; readonly keyAt: Place; readonly value: Node };

export function scalarNode(value: Scalar, at: Place, block = false, float = false): ScalarNode {
  return { kind: 'scalar', value, block, float, at };
}

export function mapNode(entries: Iterable<Entry>, at: Place): MapNode {
  return { kind: 'map', entries: new Map([...entries].map((one) => [one.key, one])), at };
}

export function entry(key: string, value: Node, keyAt: Place = value.at): Entry {
  return { key, keyAt, value };
}

export function toJson(node: Node): Json {
  if (node.kind === 'scalar') return node.value;
  return node.kind === 'list' ? node.items.map(toJson) : mapToJson(node);
}

function mapToJson(node: MapNode): JsonObject {
  return Object.fromEntries([...node.entries.values()].map((one) => [one.key, toJson(one.value)]));
}

/** A computed value, told to be where the expression was that gave it. */
export function fromJson(value: Json, at: Place): Node {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item: Json) => fromJson(item, at)), at };
  if (!isJsonObject(value)) return scalarNode(isScalar(value) ? value : null, at);
  const entries = Object.entries(value).map(([key, item]) => entry(key, fromJson(item, at)));
  return mapNode(entries, at);
}

function isScalar(value: Json): value is Scalar {
  return value === null || typeof value !== 'object';
}

export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

export function child(node: MapNode, key: string): Node | null {
  return node.entries.get(key)?.value ?? null;
}

/** How a message names what was found. */
export function describe(node: Node): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `the text «${short(node.value)}»` : `${node.value}`;
}

function short(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 40 || line !== text ? `${line.slice(0, 40)}…` : line;
}
