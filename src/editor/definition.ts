import type { Place } from '../language/source/place.ts';
import { cursorAt } from './cursor.ts';
import type { Knowledge } from './knowledge.ts';
import { meaningOf } from './meaning.ts';

/** Where something is defined: at a place that was read, at an offset of the same file, or a file as such. */
export type Definition =
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'here'; readonly start: number; readonly end: number }
  | { readonly kind: 'file'; readonly what: 'import' | 'script'; readonly location: string };

/** Where the word at a place is defined; null: nowhere that is known. */
export function definitionOf(text: string, offset: number, knowledge: Knowledge): Definition | null {
  const anchor = anchorOf(text, offset);
  if (anchor !== null) return anchor;
  const cursor = cursorAt(text, offset);
  const meaning = cursor === null || cursor.word === '' ? null : meaningOf(cursor, knowledge);
  if (meaning === null || meaning.kind === 'keyword' || meaning.kind === 'function') return null;
  if (meaning.kind === 'file') return meaning;
  const place = meaning.kind === 'schema' ? meaning.schema.at : meaning.known.at;
  return place === null ? null : { kind: 'place', place };
}

/** An alias leads to the last anchor of its name before it. */
function anchorOf(text: string, offset: number): Definition | null {
  const lineStart = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  for (const { index, 0: alias, 1: name } of line.matchAll(/(?<=^|[\s[{,:-])\*([\w.-]+)/g)) {
    const start = lineStart + index;
    if (offset < start || offset > start + alias.length) continue;
    const anchors = [...text.slice(0, start).matchAll(/(?<=^|[\s[{,:-])&([\w.-]+)/gm)];
    const found = anchors.findLast((one) => one[1] === name);
    if (found !== undefined) return { kind: 'here', start: found.index, end: found.index + found[0].length };
  }
  return null;
}
