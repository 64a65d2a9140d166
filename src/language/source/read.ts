import { isMap, parseDocument, type YAMLMap } from 'yaml';
import type { Reporter } from '../diagnostics/reporter.ts';
import {
  addPair,
  build,
  buildAny,
  isMergeKey,
  measured,
  newTable,
  type Reading,
  tableNode,
} from './build.ts';
import type { Piece } from './cut.ts';
import { type Memory, noMemory, type ParsedPiece } from './memory.ts';
import { type Node, scalarNode } from './node.ts';
import { type Place, type SourceFile, startOf } from './place.ts';

/** What a file may have at most; a blueprint of ten thousand nodes stays far below. */
const limits = { characters: 10_000_000, open: 10_000 } as const;

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
  const reading: Reading = { file, reporter, anchors: new Map(), sizes: new Map(), base: 0, stopped: false };
  if (sections === null) {
    const root = parse({ start: 0, end: file.text.length }, file, memory);
    return reported([root], reading) ? null : buildRoot(root, reading);
  }
  const parsed = sections.map(({ head, rows }) => ({
    head: parse(head, file, memory),
    rows: rows?.map((row) => parse(row, file, memory)) ?? null,
  }));
  if (
    reported(
      parsed.flatMap(({ head, rows }) => [head, ...(rows ?? [])]),
      reading,
    )
  )
    return null;
  return buildSections(parsed, reading);
}

/** A piece of the file as the library reads it; its own places count from `base`. */
type Parsed = { readonly base: number } & ParsedPiece;

function parse({ start, end }: Piece, file: SourceFile, memory: Memory): Parsed {
  const text = file.text.slice(start, end);
  return { base: start, ...memory.piece(file, text, parsePiece) };
}

function parsePiece(text: string): ParsedPiece {
  // The library reads structure; what a plain text means is decided by `plainScalar`.
  const { contents, errors } = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    // Made pretty, each error has a look at all of the text.
    prettyErrors: false,
    logLevel: 'error',
  });
  return { contents, errors };
}

/** Tells the errors; whether there were any. */
function reported(pieces: readonly Parsed[], { file, reporter }: Reading): boolean {
  let failed = false;
  for (const { base, errors } of pieces) {
    for (const { code, message, pos } of errors) {
      // The library is recursive, and tells in this way that its stack ended.
      if (code === 'RESOURCE_EXHAUSTION') throw new RangeError(message);
      const at = { file, start: base + pos[0], end: base + pos[1] };
      reporter.report('invalid-yaml', at, `This is not valid YAML: ${firstLine(message)}`);
      failed = true;
    }
  }
  return failed;
}

function buildRoot({ contents }: Parsed, reading: Reading): Node {
  return contents === null ? scalarNode(null, startOf(reading.file)) : build(contents, reading, 0);
}

type ParsedSection = { readonly head: Parsed; readonly rows: readonly Parsed[] | null };

/** The entries of a piece's map; what is built from now on is of that piece. */
function pairsOf({ contents, base }: Parsed, reading: Reading): YAMLMap['items'] {
  reading.base = base;
  return isMap(contents) ? contents.items : [];
}

/** From the start of the first piece's content to the end of the last one's. */
function spanOf(pieces: readonly Parsed[], { file }: Reading): Place {
  const [first, last] = [pieces[0], pieces.at(-1)];
  const start = (first?.base ?? 0) + (first?.contents?.range?.[0] ?? 0);
  return { file, start, end: (last?.base ?? 0) + (last?.contents?.range?.[1] ?? 0) };
}

function buildSections(sections: readonly ParsedSection[], reading: Reading): Node {
  const table = newTable();
  for (const { head, rows } of sections) {
    for (const pair of pairsOf(head, reading)) {
      const key = buildAny(pair.key, spanOf([head], reading), reading, 1);
      const value = rows === null ? buildAny(pair.value, key.at, reading, 1) : buildRows(rows, reading);
      addPair(table, key, value, isMergeKey(pair.key), reading);
    }
  }
  return tableNode(
    table,
    spanOf(
      sections.flatMap(({ head, rows }) => rows ?? head),
      reading,
    ),
  );
}

function buildRows(rows: readonly Parsed[], reading: Reading): Node {
  const table = newTable();
  for (const row of rows) {
    for (const pair of pairsOf(row, reading)) {
      const key = buildAny(pair.key, spanOf([row], reading), reading, 2);
      addPair(table, key, buildAny(pair.value, key.at, reading, 2), isMergeKey(pair.key), reading);
    }
  }
  return measured(tableNode(table, spanOf(rows, reading)), reading);
}
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}
