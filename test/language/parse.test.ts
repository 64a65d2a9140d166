import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/language/source/parse.ts';
import { parseQuickly } from '../../src/language/source/parse-quickly.ts';
import { parseThoroughly } from '../../src/language/source/parse-thoroughly.ts';
import type { Written } from '../../src/language/source/written.ts';
import { blueprints } from '../support/blueprint-arbitraries.ts';

describe('both ways of parsing find the same', () => {
  test.each([
    ['nothing', ''],
    ['only a comment', '# nothing\n'],
    ['one text', 'text\n'],
    ['maps in maps', 'a:\n  b: c\n  d: e f\n'],
    ['a list', 'a:\n  - b\n  -   c: d\n      e: f\n'],
    ['lists in lists', '- - a\n  - b\n-\n  - c\n'],
    ['flow', 'a: { b: [c, d ,], "e": {}, f: [ ] }\n'],
    ['flow over lines', 'a: [\n  b, # one\n  c  # two\n  ]\nd: {\n  e: f\n  }\n'],
    ['a pair in a flow list', 'a: [b: c, d]\n'],
    ['keys without values', 'a:\nb: { c, d: , e: }\n'],
    ['items without values', 'a:\n  -\n  - # none\n  - b\n'],
    ['quotes', `a: "b\\n\\u00e9"\nc: 'd''e'\n"f": g\n'h': i\n`],
    ['quotes over lines', 'a: "b\n   c\n\n   d"\n'],
    ['a text over lines', 'a: b\n  c\n\n  d\ne: f\n'],
    ['a literal block', 'a: |\n  b\n   c\n\n  d\n\n\ne: f\n'],
    ['a folded block', 'a: >-\n  b\n  c\n\n  d\ne: f\n'],
    ['a block that keeps its end', 'a: |+\n  b\n\nc: |2- # said\n    d\n'],
    ['a block in a list', '- |\n  a | b\n- > # c\n  d\n'],
    ['an empty block', 'a: |\nb: >-\n'],
    ['a block at the end, without a line break', 'a: |\n  b'],
    ['anchors', 'a: &b\n  c: &d e\n  f: [&g h, *d]\ni: *b\n<<: *b\n'],
    ['an anchor on nothing', 'a: &b\nc: *b\n'],
    ['comments', '# a\nb: # c\n  # d\n  e: f # g\n# h\ni: j#k\n'],
    ['line breaks of Windows', 'a: b\r\nc:\r\n  - d\r\n  - |\r\n    e\r\nf: g\r\n'],
    ['beyond ASCII', 'größe: { "ä": ö }\n'],
    ['signs in texts', 'a: b:c\nd: -e\nf: http://g/h?i=j&k#l\nm: "# n"\no: a - b\n'],
    ['a mark of the start', '---\na: b\n'],
    ['a mark of the end', 'a: b\n...\n'],
  ])('%s', (_what, text) => {
    expect(parseThoroughly(text).mistakes).toEqual([]);
    expect(parseQuickly(text)).toEqual(parseThoroughly(text).contents);
  });

  test('texts made by the grammar, and with a few bytes changed', () => {
    fc.assert(
      fc.property(blueprints, (files) => {
        for (const text of Object.values(files)) {
          const found = parseQuickly(text);
          if (found === undefined) continue;
          const { contents, mistakes } = parseThoroughly(text);
          expect(mistakes).toEqual([]);
          expect(said(found)).toEqual(said(contents));
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

test.each([
  ['a tag', 'a: !!str 1\n', 'quoted'],
  ['a bracket that is closed further out', 'a: [\n  b\n]\n', 'list'],
])('%s is left to the thorough way', (_what, text, kind) => {
  expect(parseQuickly(text)).toBeUndefined();
  const { contents } = parse(text);
  const value = contents?.kind === 'map' ? contents.pairs[0]?.value : null;
  expect(value?.kind === 'scalar' ? value.form : value?.kind).toBe(kind);
});

test('every mistake is told', () => {
  const { contents, mistakes } = parse('a: [b\nc: "d\n');
  expect(contents).toBeNull();
  expect(mistakes.length).toBeGreaterThan(1);
});

/** Without the places. */
function said(written: Written | null): unknown {
  if (written === null) return null;
  if (written.kind === 'alias') return { alias: written.of };
  const { anchor } = written;
  if (written.kind === 'scalar') {
    const isNothing = written.text === '' && written.form === 'plain' && anchor === null;
    return isNothing ? null : { text: written.text, form: written.form, anchor };
  }
  if (written.kind === 'list') return { items: written.items.map(said), anchor };
  return { pairs: written.pairs.map(({ key, value }) => [said(key), said(value)]), anchor };
}
