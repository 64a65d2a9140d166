import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../../src/activities/kubernetes/manifests/template-variables.ts';
import type { JsonObject } from '../../../../src/contracts/json.ts';

const marks = Array.from('{}[]:,-#&*!|>\'"%@`?<~=.\n\t ab01');
const read = (text: string, variables: JsonObject) => readTemplate(text, variables, 'f.yaml');
/** What `{{ x }}` becomes in the place of a value. */
const value = (text: string, x: JsonObject[string]) => read(`a: ${text}\n`, { x });

describe('a variable', () => {
  it.each([
    ['{{ x }}', 'hello', 'hello'],
    ['{{x}}', '3', 3],
    ['{{ x }}', 3, 3],
    ['"{{ x }}"', 3, '3'],
    ["'{{ x }}'", '3', '3'],
    ['{{ x }}', 'true', true],
    ['{{ x }}', '0644', 420],
    ['{{ x }}', null, null],
    ['{{ x }}', '', null],
    ['"{{ x }}"', '', ''],
    ['{{ x }}', ['one', 2], ['one', 2]],
    ['"{{ x }}"', ['one', 2], '["one",2]'],
    ['registry/app:{{ x }}', '1.2', 'registry/app:1.2'],
    ['1{{ x }}', '0', 10],
    ['[{{ x }}, "{{ x }}"]', '5', [5, '5']],
    ['{b: {{ x }}}', '5', { b: 5 }],
    ['|\n  one\n  {{ x }}', 'two', 'one\ntwo\n'],
    ['{{ x }}', '12:30', '12:30'],
  ])('%s is filled with %j as %j', (text, x, filled) => {
    expect(value(text, x)).toEqual([{ a: filled }]);
  });

  it('may be a part of an object', () => {
    expect(read('a: {{ name }} {{b.c}}', { name: 'x', b: { c: 2 } })).toEqual([{ a: 'x 2' }]);
  });

  it.each([
    ['a document', 'x\n---\nkind: Secret'],
    ['a document at once', '---'],
    ['a key', 'x\nprivileged: true'],
    ['a key in a line', '{privileged: true}'],
    ['a key after it', 'x, privileged: true'],
    ['the end of its quotes', '", privileged: true, b: "'],
    ['the end of others', "', privileged: true, b: '"],
    ['a list', '[one, two]'],
    ['an entry', 'x\n- y'],
    ['an anchor', '&x y'],
    ['an alias', '*x'],
    ['a tag', '!!binary aGVsbG8='],
    ['a comment', 'x # y'],
    ['a block', '|\n  x'],
    ['another variable', '{{ x }}'],
    ['a merge', '<<: {privileged: true}'],
  ])('is a text, and not %s', (_, x) => {
    for (const text of [
      '{{ x }}',
      '"{{ x }}"',
      "'{{ x }}'",
      '[{{ x }}, b]',
      '{b: {{ x }}, c: d}',
      '|-\n  {{ x }}',
    ])
      expect(JSON.stringify(value(text, x))).toBe(
        JSON.stringify(value(text, 'word')).replace('word', () => JSON.stringify(x).slice(1, -1)),
      );
  });

  it('never changes what the text is made of, whatever it is', () => {
    const text = 'kind: A\nb: {{ x }}\nc: [{{ x }}, {d: "{{ x }}"}]\n---\nkind: B\ne: |\n  {{ x }}\n';
    const shape = (parsed: unknown): unknown =>
      typeof parsed === 'object' && parsed !== null
        ? Object.entries(parsed).map(([key, below]) => [key, shape(below)])
        : 'value';
    const wanted = shape(read(text, { x: 'word' }));
    const any = oneof(string({ unit: 'binary' }), string({ unit: constantFrom(...marks) }));
    assert(
      property(any, (x) => {
        expect(shape(read(text, { x }))).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });
});

describe('refused is', () => {
  it.each([
    ['a variable that is not given', '{{ other }}', '«{{ other }}», which template_variables do not give'],
    ['an expression', '{{ x | upper }}', 'which template_variables do not give'],
    ['what every object has', '{{ constructor }}', 'do not give'],
    ['a template language', '{% if x %}', '«{%»'],
    ['an object', '{{ y }}', 'is an object'],
    ['an object in a text', '"{{ y }}"', 'is an object'],
    ['an object in a list', '{{ z }}', 'is an object'],
  ])('%s', (_, text, reason) => {
    const variables = { x: 'x', y: { a: 1 }, z: [{ a: 1 }] };
    expect(() => read(`a: ${text}`, variables)).toThrow(reason);
  });

  it.each(['{{ x }}: 1', '"a-{{ x }}": 1', '{ {{ x }}: 1 }', '? [{{ x }}]\n: 1', '? {{ x }}'])(
    'a variable in a key: %s',
    (text) => {
      expect(() => read(text, { x: 'x' })).toThrow('«{{ x }}» in a key, where nothing is filled in');
    },
  );
});

it('without variables the text is as it is', () => {
  expect(read('a: "{{ untouched }} {%"', {})).toEqual([{ a: '{{ untouched }} {%' }]);
});
