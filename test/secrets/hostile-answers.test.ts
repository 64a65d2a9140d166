import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { answers, mustBeHarmless } from '../support/hostile-answers.ts';

// `npm run fuzz -- --of answers` does a hundred thousand.
test('whatever a host answers, no secret leaves that it was not given', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(answers, mustBeHarmless), { numRuns: 1_000 });
  expect.assertions(0);
});
