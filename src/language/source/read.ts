import { recording, sayAgain } from '../diagnostics/recording.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { addPair, build, buildPair, measured, newTable, type Reading, tableNode } from './build.ts';
import type { Piece } from './cut.ts';
import { type BuiltPiece, type Memory, noMemory, type ReadPiece } from './memory.ts';
import { type Node, scalarNode } from './node.ts';
import { type Place, placeBetween, placeIn, type SourceFile, startOf } from './place.ts';
import { parse as parseText } from './parse.ts';
import { createSizeOf } from './size.ts';

/** What a file may have at most; a blueprint of thirty thousand nodes stays below. */
const limits = { characters: 20_000_000, open: 10_000 } as const;

/** Reads a YAML file into values with places. Null when it cannot be read at all. */
export function readYaml(file: SourceFile, reporter: Reporter, memory: Memory = noMemory): Node | null {
  return memory.file(file, reporter, (recorder) => readText(file, recorder, memory));
}

function readText(file: SourceFile, reporter: Reporter, memory: Memory): Node | null {
  if (file.text.length > limits.characters) {
    reporter.report(
      'too-large',
      startOf(file),
      `${file.name} has more than ${limits.characters} characters.`,
    );
    return null;
  }
  try {
    if (isHopeless(file.text)) throw new RangeError('More is open than the library can follow.');
    return readDocument(file, reporter, memory);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reporter.report('too-deep', startOf(file), `${file.name} nests values too deeply to be read.`);
    return null;
  }
}

/** Whether more is open than any text has for another reason; the library would take minutes to say so. */
function isHopeless(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x5b || character === 0x7b) open += 1;
    else if (character === 0x5d || character === 0x7d) open -= 1;
    if (open > limits.open) return true;
  }
  // Dashes of lists within lists, all on one line.
  return text.includes('- '.repeat(limits.open));
}

function readDocument(file: SourceFile, reporter: Reporter, memory: Memory): Node | null {
  const sections = memory.cut(file);
  const reading: Reading = {
    reporter,
    anchors: new Map(),
    sizeOf: createSizeOf(),
    origin: { file, base: 0 },
    stop: { told: false },
  };
  if (sections === null) {
    const root = parse({ start: 0, end: file.text.length }, file, memory);
    return reported([root], reading) ? null : buildRoot(root, reading);
  }
  const parsed = sections.map(({ head, rows }) => ({
    head: parse(head, file, memory),
    rows: rows?.map((row) => parse(row, file, memory)) ?? null,
  }));
  const all = parsed.flatMap(({ head, rows }) => [head, ...(rows ?? [])]);
  return reported(all, reading) ? null : buildSections(parsed, reading, memory);
}

/** A piece of the file as the library reads it; its own places count from `base`. */
type Parsed = { readonly base: number; readonly text: string; readonly piece: ReadPiece };

function parse({ start, end }: Piece, file: SourceFile, memory: Memory): Parsed {
  const text = file.text.slice(start, end);
  return { base: start, text, piece: memory.piece(file, text, parseText) };
}

/** Tells the errors; whether there were any. */
function reported(pieces: readonly Parsed[], { origin: { file }, reporter }: Reading): boolean {
  let failed = false;
  for (const { base, piece } of pieces) {
    for (const { start, end, message } of piece.parsed.mistakes) {
      const at = { file, start: base + start, end: base + end };
      reporter.report('invalid-yaml', at, `This is not valid YAML: ${message}`);
      failed = true;
    }
  }
  return failed;
}

function buildRoot({ piece }: Parsed, reading: Reading): Node {
  return build(piece.parsed.contents, startOf(reading.origin.file), reading, 0);
}

type ParsedSection = { readonly head: Parsed; readonly rows: readonly Parsed[] | null };

function buildSections(sections: readonly ParsedSection[], reading: Reading, memory: Memory): Node {
  const table = newTable();
  const places: Place[] = [];
  for (const { head, rows } of sections) {
    const { at, pairs } = builtOf(head, reading, 1);
    const below = rows === null ? null : buildRows(rows, reading, memory);
    for (const pair of pairs) addPair(table, { ...pair, value: below ?? pair.value }, reading);
    places.push(below?.at ?? at);
  }
  return tableNode(table, spanOf(places, reading));
}

function buildRows(rows: readonly Parsed[], reading: Reading, memory: Memory): Node {
  const built = rows.map((row) => builtOf(row, reading, 2));
  const [first, ...others] = built;
  if (first === undefined) return scalarNode(null, startOf(reading.origin.file));
  const node = memory.recall('rows', [first, ...others], reading.reporter, (reporter) => {
    const table = newTable();
    for (const pair of built.flatMap(({ pairs }) => pairs)) addPair(table, pair, { ...reading, reporter });
    return tableNode(
      table,
      spanOf(
        built.map(({ at }) => at),
        reading,
      ),
    );
  });
  return measured(node, reading);
}

function spanOf(places: readonly Place[], { origin }: Reading): Place {
  const [first, last] = [places[0], places.at(-1)];
  return first === undefined || last === undefined ? startOf(origin.file) : placeBetween(first, last);
}

/** The entries of a piece's map, with their places as they are now. */
function builtOf({ base, text, piece }: Parsed, reading: Reading, depth: number): BuiltPiece {
  if (piece.built !== null) {
    piece.built.origin.file = reading.origin.file;
    piece.built.origin.base = base;
    sayAgain(piece.built.remarks, reading.reporter);
    return piece.built;
  }
  const { recorder, remarks } = recording(reading.reporter);
  const origin = { file: reading.origin.file, base };
  const { contents } = piece.parsed;
  const at = placeIn(origin, contents?.start ?? 0, contents?.end ?? 0);
  const written = contents?.kind === 'map' ? contents.pairs : [];
  const own = { ...reading, origin, reporter: recorder };
  const pairs = written.map((pair) => buildPair(pair, at, own, depth));
  const built = { origin, at, pairs, remarks };
  if (!usesAnchors(text) && !reading.stop.told) piece.built = built;
  return built;
}

/** Whether it may have anchors or aliases, which are of the whole file. */
function usesAnchors(text: string): boolean {
  return /[&*]/.test(text);
}
