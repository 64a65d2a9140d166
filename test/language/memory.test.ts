import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemory, type Memory } from '../../src/language/index.ts';
import { createReporter } from '../../src/language/diagnostics/reporter.ts';
import { cut } from '../../src/language/source/cut.ts';
import { noMemory } from '../../src/language/source/memory.ts';
import type { Node } from '../../src/language/source/node.ts';
import { sourceFile } from '../../src/language/source/place.ts';
import { readYaml } from '../../src/language/source/read.ts';

const texts = [
  'hello/blueprint.yaml',
  'hybrid-service-chain/service.yaml',
  'hybrid-service-chain/service-functions.yaml',
  'swarm-cluster/blueprint.yaml',
].map((name) => readFileSync(new URL(`../../blueprints/${name}`, import.meta.url), 'utf8'));

const handmade = `# comment
tosca_definitions_version: cloudify_dsl_1_3

dsl_definitions:
  first: &first {a: 1}
  second: &second
    b: [x, 'y']

imports:
- one.yaml
- two.yaml
empty:
description: >
  text: of
    several lines
node_templates:

  # of one
  one:
    type: t
    properties: *first

  two:
    properties:
      <<: [*first, *second]
      c: |
        d: e

        f
    # after
  two: {}
outputs:
  only: {value: *second}
`;

describe('a text read by pieces', () => {
  it.each([...texts, handmade])('is what it is when read as a whole', (text) => {
    expect(cut(text)).not.toBeNull();
    expect(told(text, createMemory())).toEqual(told(text, noMemory));
  });

  it('is so after any edits, right or wrong', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(texts[0] ?? '', handmade),
        fc.array(edit(), { maxLength: 4 }),
        (start, edits) => {
          const memory = createMemory();
          let text = start;
          for (const one of edits) {
            text = changed(text, one);
            const [whole, pieces] = [told(text, noMemory), told(text, memory)];
            // Where it is not YAML, the pieces may say so in other words.
            const { diagnostics } = whole.shown === null ? whole : pieces;
            expect({ ...pieces, diagnostics }).toEqual(whole);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is parsed where it changed only', () => {
    const memory = createMemory();
    const parsed: string[] = [];
    const watched: Memory = {
      ...memory,
      piece: (file, text, parse) =>
        memory.piece(file, text, (one) => {
          parsed.push(one);
          return parse(one);
        }),
    };
    read(handmade, watched);
    parsed.length = 0;
    read(handmade.replace('        f', '        g'), watched);
    expect(parsed).toEqual([expect.stringMatching(/^ {2}two:[^]*# after\n$/)]);
  });

  it('is not read again when nothing changed, and what was said of it is said again', () => {
    const memory = createMemory();
    const first = read(handmade, memory);
    const again = read(handmade, memory);
    expect(again.root).toBe(first.root);
    expect(again.diagnostics).toEqual(first.diagnostics);
    expect(again.diagnostics).toMatchObject([{ code: 'duplicate-key' }]);
  });
});

describe('a text that is not of the plain form is read as a whole', () => {
  it.each([
    ['a document marker', '---\na: b\n'],
    ['a directive', '%YAML 1.1\n---\na: b\n'],
    ['a byte order mark', '\uFEFFa: b\n'],
    ['one flow', '{a: b}\n'],
    ['a quoted key', '"a": b\n'],
    ['a tab', '\ta: b\n'],
    ['a merge', 'a: &a {b: c}\n<<: *a\n'],
    ['nothing', '# only this\n'],
  ])('%s', (_what, text) => {
    expect(cut(text)).toBeNull();
    expect(told(text, createMemory())).toEqual(told(text, noMemory));
  });
});

function told(text: string, memory: Memory) {
  const { shown: value, diagnostics } = read(text, memory);
  return { shown: value, diagnostics };
}

function read(text: string, memory: Memory) {
  const reporter = createReporter();
  const root: Node | null = readYaml(sourceFile('main.yaml', 0, text, false), reporter, memory);
  return { root, shown: root === null ? null : shown(root, true), diagnostics: reporter.diagnostics() };
}

/** A value with its places, but for where the file's own begins: comments before it are not in a piece. */
function shown(node: Node, isRoot = false): unknown {
  const { kind, at } = node;
  const place = [isRoot ? 0 : at.start, at.end];
  if (kind === 'scalar') return { place, value: node.value, block: node.block };
  if (kind === 'list') return { place, items: node.items.map((item) => shown(item)) };
  const entries = [...node.entries.values()].map(({ key, keyAt, value }) => [
    key,
    keyAt.start,
    keyAt.end,
    shown(value),
  ]);
  return { place, entries };
}

type Edit = { readonly at: number; readonly remove: number; readonly insert: string };

function edit(): fc.Arbitrary<Edit> {
  const insert = fc.constantFrom(
    '',
    ' ',
    '\n',
    '  ',
    ':',
    '- ',
    '{',
    '}',
    '[',
    '"',
    "'",
    '#',
    '|',
    'x',
    '\r\n',
    '&a ',
    '*a',
    '\t',
    'é',
    'a: b\n',
    '  x: y\n',
    '\n---\n',
    '? ',
    '<<: ',
  );
  return fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat({ max: 12 }), insert });
}

function changed(text: string, { at, remove, insert }: Edit): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + remove);
}
