import { expect, test } from 'vitest';
import { createReporter } from '../../src/language/diagnostics/reporter.ts';
import { toJson } from '../../src/language/source/node.ts';
import { sourceFile } from '../../src/language/source/place.ts';
import { readYaml } from '../../src/language/source/read.ts';

function read(text: string) {
  const reporter = createReporter();
  const node = readYaml(sourceFile('f.yaml', 0, text, false), reporter);
  return {
    value: node === null ? undefined : toJson(node),
    codes: reporter.diagnostics().map((one) => `${one.code} ${one.line}:${one.column}`),
  };
}

test.each([
  ['yes', true],
  ['Off', false],
  ['y', 'y'],
  ['~', null],
  ['', null],
  ['017', 15],
  ['0x1F', 31],
  ['1_000', 1000],
  ['1:30', 90],
  ['1.5', 1.5],
  ['1e3', '1e3'],
  ['-.5', -0.5],
  ['2001-01-01', '2001-01-01'],
  ['"yes"', 'yes'],
  ['!!str 12', '12'],
  ['12345678901234567890', '12345678901234567890'],
])('the plain text «%s» means %j', (text, value) => {
  expect(read(`a: ${text}`).value).toEqual({ a: value });
});

test('merge keys lie under the keys beside them', () => {
  const text = 'x: &x { a: 1, b: 2 }\ny: &y { b: 3, c: 4 }\nz: { <<: [*x, *y], a: 5 }';
  expect(read(text).value).toMatchObject({ z: { a: 5, b: 2, c: 4 } });
  expect(read('a: { <<: 3 }').codes).toEqual(['bad-merge 1:10']);
});

test('a key that is there twice is warned of, and the last one counts', () => {
  expect(read('a: 1\na: 2')).toEqual({ value: { a: 2 }, codes: ['duplicate-key 2:1'] });
});

test('a key must be a text', () => {
  expect(read('1: a\nyes: b').codes).toEqual(['non-text-key 1:1', 'non-text-key 2:1']);
});

test('what is no YAML is told with its place', () => {
  expect(read('a: [1, 2').codes).toEqual(['invalid-yaml 1:9']);
  expect(read('a: *b').codes).toEqual(['unknown-alias 1:4']);
});

test('text beyond ASCII is as good as any', () => {
  expect(read('a: größe').value).toEqual({ a: 'größe' });
});

test('aliases cannot multiply a file without end', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1)
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
  expect(read(lines.join('\n')).codes[0]).toMatch(/^too-many-aliases/);
});

test('nesting has an end', () => {
  expect(read(`a: ${'['.repeat(200)}${']'.repeat(200)}`).codes[0]).toMatch(/^too-deep/);
  expect(read(`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`).codes[0]).toMatch(/^too-deep/);
});
