/** One file of a blueprint. `index`: the order in which files were read, main first. */
export type SourceFile = {
  readonly name: string;
  readonly index: number;
  readonly text: string;
  /** Offset of the start of each line. */
  readonly lines: readonly number[];
  /** Whether it ships with Braid. */
  readonly catalogue: boolean;
};

/** A stretch of a file, as offsets. */
export type Place = { readonly file: SourceFile; readonly start: number; readonly end: number };

/** What places count from: a piece of a file, which moves when the text before it changes. */
export type Origin = { file: SourceFile; base: number };

/** A place that moves with its piece; offsets from the piece's start. */
export function placeIn(origin: Origin, start: number, end: number): Place {
  return new PlaceInPiece(origin, start, end);
}

/** From the start of one place to the end of another, wherever these move. */
export function placeBetween(first: Place, last: Place): Place {
  return new PlaceBetween(first, last);
}

class PlaceInPiece implements Place {
  readonly #origin: Origin;
  readonly #start: number;
  readonly #end: number;

  constructor(origin: Origin, start: number, end: number) {
    this.#origin = origin;
    this.#start = start;
    this.#end = end;
  }
  get file(): SourceFile {
    return this.#origin.file;
  }
  get start(): number {
    return this.#origin.base + this.#start;
  }
  get end(): number {
    return this.#origin.base + this.#end;
  }
}

class PlaceBetween implements Place {
  readonly #first: Place;
  readonly #last: Place;

  constructor(first: Place, last: Place) {
    this.#first = first;
    this.#last = last;
  }
  get file(): SourceFile {
    return this.#first.file;
  }
  get start(): number {
    return this.#first.start;
  }
  get end(): number {
    return this.#last.end;
  }
}

export function sourceFile(name: string, index: number, text: string, catalogue: boolean): SourceFile {
  const lines = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  return { name, index, text, lines, catalogue };
}

export function startOf(file: SourceFile): Place {
  return { file, start: 0, end: 0 };
}

/** Line and column of an offset, both from 1. */
export function positionOf(
  file: SourceFile,
  offset: number,
): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = file.lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((file.lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (file.lines[low] ?? 0) + 1 };
}
