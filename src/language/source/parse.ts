import { parseQuickly } from './parse-quickly.ts';
import { parseThoroughly } from './parse-thoroughly.ts';
import type { ParsedText } from './written.ts';

/** What a text in YAML says, and every mistake in it. Throws a RangeError when it nests too deeply. */
export function parse(text: string): ParsedText {
  const contents = parseQuickly(text);
  return contents === undefined ? parseThoroughly(text) : { contents, mistakes: [] };
}
