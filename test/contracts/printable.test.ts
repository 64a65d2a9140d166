import { describe, expect, test } from 'vitest';
import { printable, printableJson } from '../../src/contracts/printable.ts';

describe('a text for a terminal', () => {
  test.each([
    ['plain words', 'héllo  wörld 👍🏽 日本\n\tx', 'héllo  wörld 👍🏽 日本\n\tx'],
    ['colours', '\u001B[1;31mred\u001B[0m \u009B32mgreen', 'red green'],
    ['what clears the screen', '\u001B[2J\u001B[Hall is well', 'all is well'],
    ['a title', '\u001B]0;pwned\u0007after', 'after'],
    ['a link', '\u001B]8;;http://evil\u001B\\click\u001B]8;;\u001B\\', 'click'],
    ['a clipboard', '\u001B]52;c;cm0gLXJmIC8=\u0007x', 'x'],
    ['an escape alone', 'a\u001Bcb', 'a\uFFFDcb'],
    ['a sequence that does not end', '\u001B]0;it hides\nthe verdict', '\uFFFD]0;it hides\nthe verdict'],
    ['what is written over', 'not proven\rproven', 'not proven proven'],
    ['lines of Windows', 'a\r\nb', 'a\nb'],
    ['backspaces, bells and nulls', 'a\bb\u0007c\0', 'a\uFFFDb\uFFFDc\uFFFD'],
    ['C1', 'a\u0085\u0090b', 'a\uFFFD\uFFFDb'],
    ['the direction of writing', 'a\u202Eb\u2066c\u200Fd', 'a\uFFFDb\uFFFDc\uFFFDd'],
  ])('with %s', (_what, text, wanted) => {
    expect(printable(text)).toBe(wanted);
  });

  test('has nothing that a terminal obeys, whatever it is made of', () => {
    const parts = [
      '\u001B',
      '[',
      ']',
      '0;',
      'm',
      '\u0007',
      '\u009B',
      '\u009C',
      '\\',
      '2J',
      '\r',
      '\n',
      'x',
      'P',
    ];
    for (let seed = 1; seed <= 20_000; seed += 1) {
      let state = seed;
      const text = Array.from({ length: 12 }, () => {
        state = (state * 48_271) % 2_147_483_647;
        return parts[state % parts.length];
      }).join('');
      expect(printable(text)).not.toMatch(/[^\P{Cc}\n\t]/u);
    }
  });

  test('is read once, however many sequences begin in it', () => {
    expect(printable('\u001B]'.repeat(500_000))).toHaveLength(1_000_000);
  });
});

test('JSON keeps its value, and shows nothing of such', () => {
  const value = { a: 'x\u001B[31m\u009B\u202E\n\t', '\u0085': ['\u2028'] };
  const json = printableJson(JSON.stringify(value, null, 2));
  expect(json).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202E]/u);
  expect(JSON.parse(json)).toEqual(value);
});
