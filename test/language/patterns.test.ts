import { describe, expect, test } from 'vitest';
import { createPatterns } from '../../src/language/types/patterns.ts';
import { remarksOn } from './compile-text.ts';

const input = (patterns: readonly string[]): string =>
  `inputs: { a: { constraints: [${patterns.map((one) => `{ pattern: ${JSON.stringify(one)} }`).join(', ')}] } }
outputs: { o: { value: { get_input: a } } }
`;
const given = (a: string) => ({ inputs: { a } });

describe('a pattern that other engines follow for ages', () => {
  test.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(?=(a+)+$)', '(.*)*(?<=b)$'])(
    '%s is answered at once',
    async (pattern) => {
      const text = `${'a'.repeat(5_000)}!`;
      expect(await remarksOn(input([pattern]), given(text))).toEqual(['constraint-broken 1:11']);
    },
  );

  test('is no other when it is a default that breaks it', async () => {
    const text = `inputs: { a: { default: '${'a'.repeat(60)}!', constraints: [{ pattern: '(a+)+$' }] } }
outputs: { o: { value: { get_input: a } } }
`;
    expect(await remarksOn(text, { inputs: null })).toEqual(['constraint-broken 1:25']);
  });
});

describe('a pattern that no engine answers in a time that has an end', () => {
  test.each([
    ['repeats what a group matched', String.raw`(a+)+\1$`],
    ['repeats what a named group matched', '(?P<x>a+)+(?P=x)$'],
    ['looks ahead within a group', '((?!b)a)+$'],
    ['looks ahead, then behind', 'a(?=b)(?<=a)b'],
    ['looks ahead, then at a border of words', String.raw`a(?=b)\bb`],
    ['looks ahead many times', '(?=a)*b'],
    ['repeats too often', 'a{2000}'],
    ['repeats too often in itself', '(a{100}){100}'],
    ['is too long', 'a'.repeat(1_001)],
  ])('that %s is refused where it stands, with or without a value', async (_what, pattern) => {
    expect(await remarksOn(input([pattern]), { inputs: null })).toEqual(['unmatchable-pattern 1:41']);
    expect(await remarksOn(input([pattern]), given('a'))).toEqual(['unmatchable-pattern 1:41']);
  });

  test('is one of too many', async () => {
    const many = Array.from({ length: 40 }, (_, n) => `(?:x${'.'.repeat(n)}){1000}`);
    const remarks = await remarksOn(input(many), { inputs: null });
    expect(remarks[0]).toMatch(/^unmatchable-pattern/);
    expect(remarks.length).toBeLessThan(40);
  });

  test('is one for a text that is too long', async () => {
    const text = 'ab'.repeat(10_000);
    expect(await remarksOn(input(['(a|b)*a(a|b){999}c']), given(text))).toEqual(['unmatchable-pattern 1:41']);
  });
});

describe('as in Python, a pattern', () => {
  const { match } = createPatterns();
  test.each([
    ['b', 'ab', false],
    ['a|b', 'bc', true],
    ['(?m)^b', 'a\nb', false],
    ['(?m)a$', 'a\nb', true],
    ['(?i)ab', 'AB', true],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['a$', 'a\n', true],
    ['a$', 'a\n\n', false],
    [String.raw`a\Z`, 'a', true],
    [String.raw`a\Z`, 'a\n', false],
    [String.raw`\Aa`, 'a', true],
    [String.raw`a\\Z`, String.raw`a\Z`, true],
    ['a{,2}$', 'aa', true],
    ['a{,2}$', 'aaa', false],
    ['(?P<x>a)b', 'ab', true],
    ['(?:a|b)+(?i:C)$', 'abc', true],
    ['(a)(b)$', 'ab', true],
    ['a(?#a remark)b', 'ab', true],
    ['(?x) a b # c', 'ab', true],
    ['a b#c', 'a b#c', true],
    [String.raw`\u0041\x42`, 'AB', true],
    ['[]a]+$', ']a', true],
    ['[[:a]+$', '[:a', true],
    [String.raw`[\w.-]+$`, 'a_b.c-d', true],
    [String.raw`\é`, 'é', true],
  ])('%j says of %j: %j', (pattern, text, matches) => {
    expect(match(pattern, text)).toBe(matches);
  });
});

describe('a look ahead at the start', () => {
  const { match } = createPatterns();
  const password = String.raw`^(?=.*[a-z])(?=.*\d)(?!.*\s).{4,8}$`;
  test.each([
    [password, 'abc1', true],
    [password, 'abcd', false],
    [password, 'ab 1', false],
    [password, 'a1', false],
    ['(?!a)|ab', 'ab', true],
    ['(?!a)|ac', 'ab', false],
    ['(?=(?!b)a|b)..', 'bc', true],
    [String.raw`(?=\)|\()(?!\))`, '(', true],
    ['(?=[)])x|(?!y)', 'y', false],
    ['(?!-)[a-z-]+(?<!-)$', 'a-b', true],
    ['(?!-)[a-z-]+(?<!-)$', 'a-', false],
  ])('%j says of %j: %j', (pattern, text, matches) => {
    expect(match(pattern, text)).toBe(matches);
  });
});

describe('a look ahead later on', () => {
  const { match } = createPatterns();
  test.each([
    [String.raw`^[a-z](?=.*\d)(?!.*--)[a-z\d-]*$`, 'a-1', true],
    [String.raw`^[a-z](?=.*\d)(?!.*--)[a-z\d-]*$`, 'a-b', false],
    [String.raw`^[a-z](?=.*\d)(?!.*--)[a-z\d-]*$`, 'a--1', false],
    ['a*(?!b).', 'aab', true],
    ['a*(?!b)$', 'aab', false],
    ['a+(?=b).c+(?!d)$', 'aabcc', true],
    ['a+(?=b).c+(?!d)$', 'aabccd', false],
    ['a(?=b)|c(?!d)', 'ce', true],
    ['a(?=b)|c(?!d)', 'cd', false],
    ['foo(?!bar)', 'foobar', false],
    ['foo(?!bar)', 'foobaz', true],
    ['(?i)x(?=Y)', 'Xy', true],
  ])('%j says of %j: %j', (pattern, text, matches) => {
    expect(match(pattern, text)).toBe(matches);
  });

  test('takes no longer than a pattern may', () => {
    const found = match(`${'a*(?!b)'.repeat(6)}$`, 'a'.repeat(1_000));
    expect(found).toEqual({ reason: expect.stringContaining('too long') });
  });
});
