import type { Node as YamlNode, YAMLParseError } from 'yaml';
import type { Reporter } from '../diagnostics/reporter.ts';
import { cut, type Section } from './cut.ts';
import type { Node } from './node.ts';
import type { SourceFile } from './place.ts';

/** What the YAML library makes of a piece of a file; places count from the piece's start. */
export type ParsedPiece = {
  readonly contents: YamlNode | null;
  readonly errors: readonly YAMLParseError[];
};

/** What one compile leaves for the next of much the same files, as an editor asks for at every keystroke. */
export type Memory = {
  /** What `read` gives, and tells the recorder; from memory when the file is the same as before. */
  readonly file: (
    file: SourceFile,
    reporter: Reporter,
    read: (recorder: Reporter) => Node | null,
  ) => Node | null;
  /** How the file is cut into pieces; null: it is parsed as a whole. */
  readonly cut: (file: SourceFile) => readonly Section[] | null;
  /** What `parse` makes of a piece of the file; from memory when it was there before. */
  readonly piece: (file: SourceFile, text: string, parse: (text: string) => ParsedPiece) => ParsedPiece;
};

/** Reads everything anew. */
export const noMemory: Memory = {
  file: (_file, reporter, read) => read(reporter),
  cut: () => null,
  piece: (_file, text, parse) => parse(text),
};

type Remark = Parameters<Reporter['report']>;
type Kept = { readonly file: SourceFile; readonly root: Node | null; readonly remarks: readonly Remark[] };
type Pieces = Map<string, ParsedPiece>;

/** Remembers the last state of every file, and its pieces. */
export function createMemory(): Memory {
  const files = new Map<string, Kept>();
  const pieces = new Map<string, { before: Pieces; now: Pieces }>();
  return {
    file(file, reporter, read) {
      const kept = files.get(file.name);
      if (kept !== undefined && isSame(kept.file, file)) {
        for (const remark of kept.remarks) reporter.report(...remark);
        return kept.root;
      }
      const remarks: Remark[] = [];
      const report = (...remark: Remark): void => {
        remarks.push(remark);
        reporter.report(...remark);
      };
      const root = read({ ...reporter, report });
      files.set(file.name, { file, root, remarks });
      return root;
    },
    cut(file) {
      pieces.set(file.name, { before: pieces.get(file.name)?.now ?? new Map(), now: new Map() });
      return cut(file.text);
    },
    piece(file, text, parse) {
      const known = pieces.get(file.name);
      const parsed = known?.now.get(text) ?? known?.before.get(text) ?? parse(text);
      known?.now.set(text, parsed);
      return parsed;
    },
  };
}

function isSame(one: SourceFile, other: SourceFile): boolean {
  return one.text === other.text && one.index === other.index && one.catalogue === other.catalogue;
}
