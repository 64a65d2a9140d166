import {
  type Alias,
  isAlias,
  isNode,
  isMap,
  isScalar,
  isSeq,
  type Node as YamlNode,
  parseDocument,
  type Scalar as YamlScalar,
  type YAMLMap,
} from 'yaml';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { entry, type Entry, type MapNode, type Node, scalarNode } from './node.ts';
import { type Place, type SourceFile, startOf } from './place.ts';
import { isFloat, plainScalar } from './scalars.ts';

/** What a file may be at most; a blueprint of ten thousand nodes stays far below. */
const limits = { characters: 10_000_000, depth: 100, values: 2_000_000 } as const;

/** Reads a YAML file into values with places. Null when it cannot be read at all. */
export function readYaml(file: SourceFile, reporter: Reporter): Node | null {
  if (file.text.length > limits.characters) {
    reporter.report(
      'too-large',
      startOf(file),
      `${file.name} has more than ${limits.characters} characters.`,
    );
    return null;
  }
  try {
    return readDocument(file, reporter);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reporter.report('too-deep', startOf(file), `${file.name} nests values too deeply to be read.`);
    return null;
  }
}

function readDocument(file: SourceFile, reporter: Reporter): Node | null {
  // The library reads structure; what a plain text means is decided by `plainScalar`.
  const document = parseDocument(file.text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
  });
  for (const error of document.errors) {
    const [start, end] = error.pos;
    // The library is recursive, and tells in this way that its stack ended.
    if (error.code === 'RESOURCE_EXHAUSTION') throw new RangeError(error.message);
    reporter.report(
      'invalid-yaml',
      { file, start, end },
      `This is not valid YAML: ${firstLine(error.message)}`,
    );
  }
  if (document.errors.length > 0) return null;
  const reading: Reading = { file, reporter, anchors: new Map(), sizes: new Map(), stopped: false };
  return document.contents === null ? scalarNode(null, startOf(file)) : build(document.contents, reading, 0);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

type Reading = {
  readonly file: SourceFile;
  readonly reporter: Reporter;
  readonly anchors: Map<string, Node>;
  /** How many values a node stands for with its aliases expanded. */
  readonly sizes: Map<Node, number>;
  stopped: boolean;
};

function build(yaml: YamlNode, reading: Reading, depth: number): Node {
  const at = placeOf(yaml, reading.file);
  if (reading.stopped) return scalarNode(null, at);
  if (depth > limits.depth) {
    return stop('too-deep', at, `Values are nested more than ${limits.depth} deep.`, reading);
  }
  const node = buildKind(yaml, at, reading, depth);
  if (!isAlias(yaml) && yaml.anchor !== undefined) reading.anchors.set(yaml.anchor, node);
  // Only aliases make a file mean more than it says.
  if (reading.anchors.size === 0) return node;
  const size = measure(node, reading);
  if (size > limits.values) {
    return stop(
      'too-many-aliases',
      at,
      `With its aliases this holds more than ${limits.values} values.`,
      reading,
    );
  }
  return node;
}

/** A missing value is null, at the place of what it belongs to. */
function buildAny(yaml: unknown, at: Place, reading: Reading, depth: number): Node {
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
  const own = new Map<string, Entry>();
  const merged = new Map<string, Entry>();
  for (const pair of yaml.items) {
    const key = buildAny(pair.key, at, reading, depth + 1);
    const value = buildAny(pair.value, key.at, reading, depth + 1);
    if (isMergeKey(pair.key)) mergeInto(merged, value, reading);
    else addEntry(own, key, value, reading);
  }
  if (merged.size === 0) return { kind: 'map', entries: own, at };
  for (const [name, one] of own) merged.set(name, one);
  return { kind: 'map', entries: merged, at };
}

function isMergeKey(key: unknown): boolean {
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

function measure(node: Node, reading: Reading): number {
  const known = reading.sizes.get(node);
  if (known !== undefined) return known;
  let size = 1;
  if (node.kind === 'list') for (const item of node.items) size += reading.sizes.get(item) ?? 1;
  if (node.kind === 'map') for (const one of node.entries.values()) size += reading.sizes.get(one.value) ?? 1;
  reading.sizes.set(node, size);
  return size;
}

function stop(code: DiagnosticCode, at: Place, message: string, reading: Reading): Node {
  reading.reporter.report(code, at, message);
  reading.stopped = true;
  return scalarNode(null, at);
}

function placeOf(yaml: YamlNode, file: SourceFile): Place {
  const [start, end] = yaml.range ?? [0, 0];
  return { file, start, end };
}
