import * as fc from 'fast-check';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { compile } from '../../src/public/language.ts';
import { blueprints, type Files } from '../../test/support/blueprint-arbitraries.ts';
import { answers, mustBeHarmless } from '../../test/support/hostile-answers.ts';

/** Tries one after the other, and tells each before it begins, so that one that never ends is known. */
const { of, runs, seed } = z
  .object({ of: z.enum(['blueprints', 'answers']), runs: z.number(), seed: z.number() })
  .parse(workerData);

/** What is tried, as texts by name, and what throws when it goes wrong. */
type Case = { readonly texts: Files; readonly run: () => Promise<void> };

const cases: Readonly<Record<typeof of, fc.Arbitrary<Case>>> = {
  blueprints: blueprints.map((texts) => ({ texts, run: () => mustBeSound(texts) })),
  answers: answers.map((answer) => ({ texts: { answer }, run: () => mustBeHarmless(answer) })),
};

const tell: MessagePort['postMessage'] = (message) => parentPort?.postMessage(message, []);
let slowest = 0;
const result = await fc.check(
  fc.asyncProperty(cases[of], async ({ texts, run }) => {
    tell({ current: texts });
    const began = process.threadCpuUsage();
    await run();
    // What this thread computed: other programs do not count.
    slowest = Math.max(slowest, process.threadCpuUsage(began).user / 1000);
  }),
  { numRuns: runs, seed, endOnFailure: true },
);
tell({
  done: {
    runs: result.numRuns,
    slowest,
    failure: result.failed ? String(result.errorInstance) : null,
    counterexample: result.counterexample?.[0].texts ?? null,
  },
});

async function mustBeSound(files: Files): Promise<void> {
  const { plan, diagnostics } = await compile({
    main: 'main.yaml',
    load: async (file) => {
      const text = Object.hasOwn(files, file) ? files[file] : undefined;
      return text === undefined ? { reason: 'there is no such file.' } : { file, text };
    },
    inputs: {},
  });
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  if (failed !== (plan === null))
    throw new Error('There must be a plan, or an error that tells why there is none.');
  JSON.stringify(plan);
}
