import type { Reporter } from '../diagnostics/reporter.ts';
import { cut, type Section } from './cut.ts';
import type { Node } from './node.ts';
import type { Origin, Place, SourceFile } from './place.ts';
import type { ParsedText } from './written.ts';
import { listening, type Remark, recording, sayAgain } from '../diagnostics/recording.ts';

/** A piece of a file as it was read. */
export type ReadPiece = {
  readonly parsed: ParsedText;
  /** Its values with what was said of them; null: they depend on more than the piece. */
  built: BuiltPiece | null;
};
export type BuiltPiece = {
  /** Moved to where the piece is now, it takes all its places along. */
  readonly origin: Origin;
  readonly at: Place;
  readonly pairs: readonly Pair[];
  readonly remarks: readonly Remark[];
};
export type Pair = { readonly key: Node; readonly value: Node; readonly isMerge: boolean };

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
  readonly piece: (file: SourceFile, text: string, parse: (text: string) => ParsedText) => ReadPiece;
  /**
   * What `work` gave of the very same things at an earlier compile, if it had nothing to report then. `step`:
   * which work; `things`: all that it depends on, but for what `holds` sees to.
   */
  readonly recall: <T>(
    step: string,
    things: readonly [object, ...unknown[]],
    reporter: Reporter,
    work: (reporter: Reporter) => T,
    holds?: (result: T) => boolean,
  ) => T;
};

/** Reads everything anew. */
export const noMemory: Memory = {
  file: (_file, reporter, read) => read(reporter),
  cut: () => null,
  piece: (_file, text, parse) => ({ parsed: parse(text), built: null }),
  recall: (_step, _things, reporter, work) => work(reporter),
};

type Kept = { readonly file: SourceFile; readonly root: Node | null; readonly remarks: readonly Remark[] };
type Done = { readonly things: readonly unknown[]; readonly result: unknown };

/** By text; each place where it stands has its own. */
type Pieces = Map<string, ReadPiece[]>;

/**
 * Remembers the last state of every file, and its pieces. What an earlier compile gave moves along with its
 * text, so it is of use until the next one begins.
 */
export function createMemory(): Memory {
  const files = new Map<string, Kept>();
  const pieces = new Map<string, { before: Pieces; now: Pieces }>();
  const done = new Map<string, WeakMap<object, Done>>();
  return {
    file(file, reporter, read) {
      const kept = files.get(file.name);
      if (kept !== undefined && isSame(kept.file, file)) {
        sayAgain(kept.remarks, reporter);
        return kept.root;
      }
      const { recorder, remarks } = recording(reporter);
      const root = read(recorder);
      files.set(file.name, { file, root, remarks });
      return root;
    },
    cut(file) {
      pieces.set(file.name, { before: pieces.get(file.name)?.now ?? new Map(), now: new Map() });
      return cut(file.text);
    },
    piece(file, text, parse) {
      const known = pieces.get(file.name);
      const found = known?.before.get(text)?.pop();
      if (found !== undefined) return kept(text, found);
      const [twin] = known?.now.get(text) ?? [];
      if (twin !== undefined) return kept(text, { parsed: twin.parsed, built: null });
      const own = copied(text);
      return kept(own, { parsed: parse(own), built: null });

      function kept(key: string, read: ReadPiece): ReadPiece {
        const twins = known?.now.get(key);
        if (twins === undefined) known?.now.set(key, [read]);
        else twins.push(read);
        return read;
      }
    },
    recall<T>(
      step: string,
      [first, ...others]: readonly [object, ...unknown[]],
      reporter: Reporter,
      work: (reporter: Reporter) => T,
      holds: (result: T) => boolean = () => true,
    ) {
      const ofStep = done.get(step) ?? new WeakMap<object, Done>();
      done.set(step, ofStep);
      const earlier = ofStep.get(first);
      if (earlier !== undefined && areSame(earlier.things, others)) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a step gives one type of result
        const result = earlier.result as T;
        if (holds(result)) return result;
      }
      const { recorder, heard } = listening(reporter);
      const result = work(recorder);
      if (heard() === 0) ofStep.set(first, { things: others, result });
      else ofStep.delete(first);
      return result;
    },
  };
}

/** A part of a text keeps all of it alive, in engines that cut without copying. */
function copied(text: string): string {
  const [copy]: [string] = JSON.parse(JSON.stringify([text]));
  return copy;
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

function isSame(one: SourceFile, other: SourceFile): boolean {
  return one.text === other.text && one.index === other.index && one.catalogue === other.catalogue;
}
