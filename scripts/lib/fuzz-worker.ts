import * as fc from 'fast-check';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { compile } from '../../src/public/language.ts';
import { blueprints, type Files } from '../../test/support/blueprint-arbitraries.ts';

/** Compiles blueprint after blueprint, and tells each before it begins, so that one that never ends is known. */
const { runs, seed } = z.object({ runs: z.number(), seed: z.number() }).parse(workerData);

const tell: MessagePort['postMessage'] = (message) => parentPort?.postMessage(message, []);
let slowest = 0;
const result = await fc.check(
  fc.asyncProperty(blueprints, async (files) => {
    tell({ files });
    const began = process.threadCpuUsage();
    await mustBeSound(files);
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
    files: result.counterexample?.[0] ?? null,
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
