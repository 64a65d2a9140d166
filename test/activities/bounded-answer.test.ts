import { expect, test } from 'vitest';
import { answersTooMuch, lastWords } from '../../src/activities/bounded-answer.ts';

test('an error tells who, what was asked, and the limit', () => {
  expect(answersTooMuch('debian@10.0.0.1:22', 'run scripts', 4 * 1024 * 1024)).toMatchObject({
    type: 'AnswerUnusable',
    message: 'debian@10.0.0.1:22 answered more than 4 MiB when asked to run scripts; the rest was not read.',
  });
});

test('of a host’s words the last are told', () => {
  expect(lastWords(`${'x'.repeat(10_000)} the end\n`)).toMatch(/^x{1992} the end$/);
});
