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
