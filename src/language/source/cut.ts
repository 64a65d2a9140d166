/** A stretch of a text that is YAML by itself. */
export type Piece = { readonly start: number; readonly end: number };
/** A top-level key with its value. `rows`: the entries of the value, where they can be told apart. */
export type Section = {
  readonly head: Piece;
  readonly rows: readonly Piece[] | null;
};

const newline = 10;
const carriageReturn = 13;
const space = 32;
const hash = 35;

const key = /[A-Za-z_][\w./-]*:(?=[ \r\n]|$)/y;
const bareKey = /[A-Za-z_][\w./-]*:[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;
const item = /-(?=[ \r\n]|$)/y;

/**
 * Cuts a file at its top-level keys, and their values at the keys of these, so that only what changed has
 * to be parsed anew. Null: the file is not of the plain form that can be cut.
 */
export function cut(text: string): readonly Section[] | null {
  const sections: Section[] = [];
  let open: number | null = null;
  for (const line of linesOf(text)) {
    if (line.blank || line.indent > 0) {
      if (open === null && !line.blank) return null;
      continue;
    }
    if (isAt(item, text, line.start)) {
      if (open === null) return null;
      continue;
    }
    if (!isAt(key, text, line.start)) return null;
    if (open !== null) sections.push(sectionOf(text, open, line.start));
    open = line.start;
  }
  return open === null ? null : [...sections, sectionOf(text, open, text.length)];
}

function sectionOf(text: string, start: number, end: number): Section {
  const whole = { head: { start, end }, rows: null };
  bareKey.lastIndex = start;
  if (!bareKey.test(text)) return whole;
  const first = bareKey.lastIndex;
  const starts: number[] = [];
  let indent = 0;
  for (const line of linesOf(text, first, end)) {
    if (line.blank) continue;
    if (indent === 0) indent = line.indent;
    if (line.indent < indent || indent === 0) return whole;
    if (line.indent > indent) continue;
    if (!isAt(key, text, line.start + indent)) return whole;
    starts.push(line.start);
  }
  if (starts.length < 2) return whole;
  const rows = starts.map((from, index) => ({ start: from, end: starts[index + 1] ?? end }));
  return { head: { start, end: first }, rows };
}

/** `blank`: nothing, or a comment. */
type Line = { readonly start: number; readonly indent: number; readonly blank: boolean };

function* linesOf(text: string, from = 0, to = text.length): Generator<Line> {
  for (let start = from; start < to; ) {
    let at = start;
    while (at < to && text.charCodeAt(at) === space) at += 1;
    const found = at < to ? text.charCodeAt(at) : newline;
    yield {
      start,
      indent: at - start,
      blank: found === newline || found === hash || (found === carriageReturn && isLineEnd(text, at + 1)),
    };
    const next = text.indexOf('\n', at);
    start = next < 0 ? to : next + 1;
  }
}

function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) === newline;
}

function isAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
