import { expect, test } from 'vitest';
import { answersTooMuch, parseAnswer } from '../../src/activities/bounded-answer.ts';
import { jsonSchema } from '../../src/contracts/json-schemas.ts';

test('an answer that is JSON is read', () => {
  expect(parseAnswer('{"a": [1, "[[[", {"b\\"": null}]}')).toEqual({ a: [1, '[[[', { 'b"': null }] });
});

test.each(['', 'nonsense', '{"a":', '[1,]'])('%j is not understood', (text) => {
  expect(parseAnswer(text)).toBeUndefined();
});

test('what is nested without end is not understood, and breaks nothing that reads it', () => {
  const levels = 500_000;
  expect(parseAnswer('['.repeat(levels) + ']'.repeat(levels))).toBeUndefined();
  expect(parseAnswer('{"a":'.repeat(levels) + '1' + '}'.repeat(levels))).toBeUndefined();
  const deep = parseAnswer('['.repeat(200) + ']'.repeat(200));
  expect(jsonSchema.safeParse(deep).success).toBe(true);
});

test('a text is read once, whatever it repeats', () => {
  expect(parseAnswer(`{"a": "${String.raw`\"`.repeat(2_000_000)}`)).toBeUndefined();
});

test('an error tells who, what was asked, and the limit', () => {
  expect(answersTooMuch('debian@10.0.0.1:22', 'run scripts', 4 * 1024 * 1024)).toMatchObject({
    type: 'AnswerUnusable',
    message: 'debian@10.0.0.1:22 answered more than 4 MiB when asked to run scripts; the rest was not read.',
  });
});
