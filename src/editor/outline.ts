/** The part of a file that tells what is around a place: the head of its section, and its entry in it. */
export type Outline = {
  readonly text: string;
  /** Where the place is in `text`. */
  readonly offset: number;
  /** What to add to a position in `text` behind the head to have it in the file. */
  readonly shift: number;
};

/** Cuts a file down, so that what is typed in a large one is read as fast as in a small one. */
export function outlineAt(text: string, offset: number): Outline {
  const line = lineAt(text, offset);
  const head = headOf(text, line, offset);
  if (head === null)
    return { text: text.slice(line.start, line.end), offset: offset - line.start, shift: line.start };
  const end = sectionEnd(text, line.end);
  const rows = rowOf(text, { head, line, end, offset });
  const kept = text.slice(head.start, head.end);
  return {
    text: kept + text.slice(rows.start, rows.end),
    offset: offset - rows.start + kept.length,
    shift: rows.start - kept.length,
  };
}

type Line = { readonly start: number /** Behind the line's end. */; readonly end: number };

function lineAt(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { start, end: end < 0 ? text.length : end + 1 };
}

/** The line of the section's key; null: the place is at the top of the file. */
function headOf(text: string, line: Line, offset: number): Line | null {
  if (isBlank(text, line) ? offset === line.start : isHead(text, line)) return null;
  for (let at = line; at.start > 0; ) {
    at = lineAt(text, at.start - 1);
    if (isHead(text, at)) return at;
  }
  return null;
}

/** Whether the line begins at the edge of the file, and with no list's dash. */
function isHead(text: string, { start, end }: Line): boolean {
  return start < end && /[^\s#-]/.test(text.charAt(start));
}

function isBlank(text: string, { start, end }: Line): boolean {
  return /^\s*(?:#.*)?$/.test(text.slice(start, end));
}

function sectionEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const line = lineAt(text, at);
    if (isHead(text, line)) return at;
    at = line.end;
  }
  return at;
}

type Place = { readonly head: Line; readonly line: Line; readonly end: number; readonly offset: number };

/** The entry of the section that holds the place; all of the section where entries cannot be told apart. */
function rowOf(text: string, { head, line, end, offset }: Place): Line {
  const section = { start: head.end, end };
  const indent = indentOfRows(text, section, line);
  if (indent === 0) return section;
  const own = isBlank(text, line) ? offset - line.start : indentOf(text, line);
  const start = own <= indent ? line.start : rowStart(text, section, line, indent);
  let stop = line.end;
  while (stop < end) {
    const next = lineAt(text, stop);
    if (!isBlank(text, next) && indentOf(text, next) <= indent) break;
    stop = next.end;
  }
  return { start, end: stop };
}

function indentOfRows(text: string, { start, end }: Line, skipped: Line): number {
  for (let at = start; at < end; ) {
    const line = lineAt(text, at);
    if (line.start !== skipped.start && !isBlank(text, line)) return indentOf(text, line);
    at = line.end;
  }
  return indentOf(text, skipped);
}

function rowStart(text: string, section: Line, from: Line, indent: number): number {
  for (let at = from; at.start > section.start; ) {
    at = lineAt(text, at.start - 1);
    if (!isBlank(text, at) && indentOf(text, at) <= indent) return at.start;
  }
  return section.start;
}

function indentOf(text: string, { start, end }: Line): number {
  let at = start;
  while (at < end && text.charAt(at) === ' ') at += 1;
  return at - start;
}
