import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/**
 * `npm run fuzz`: compiles blueprints that the grammar makes, and such with bytes changed. Each must end in time,
 * within a limit of memory, with a plan or with an error that tells why there is none.
 * `npm run fuzz -- --of answers`: lets a host answer with anything. No secret may leave, in the same limits.
 */
const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'blueprints' },
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
/** Seconds that one may take, and megabytes for all of them. */
const limits = { seconds: 10, megabytes: 512 } as const;

const messageSchema = z.object({
  current: z.record(z.string(), z.string()).optional(),
  done: z
    .object({
      runs: z.number(),
      slowest: z.number(),
      failure: z.string().nullable(),
      counterexample: z.record(z.string(), z.string()).nullable(),
    })
    .optional(),
});

console.log(`Fuzzing ${values.runs} ${values.of} with --seed ${values.seed}…`);
const worker = new Worker(new URL('lib/fuzz-worker.ts', import.meta.url), {
  workerData: { of: values.of, runs: Number(values.runs), seed: Number(values.seed) },
  resourceLimits: { maxOldGenerationSizeMb: limits.megabytes },
});
let current: Readonly<Record<string, string>> = {};
/** When the present one began. */
let heard: number | null = null;
const watch = setInterval(() => {
  if (heard !== null && Date.now() - heard > limits.seconds * 1000)
    fail(`One took more than ${limits.seconds} s.`, current);
}, 1000);

worker.on('message', (message) => {
  const { current: next, done } = messageSchema.parse(message);
  heard = Date.now();
  current = next ?? current;
  if (done === undefined) return;
  clearInterval(watch);
  if (done.failure !== null) fail(done.failure, done.counterexample ?? {});
  console.log(`${done.runs} ${values.of}; the slowest took ${done.slowest.toFixed(0)} ms.`);
});
worker.on('error', (error) => fail(error.message, current));

function fail(why: string, files: Readonly<Record<string, string>>): never {
  console.error(why);
  for (const [name, text] of Object.entries(files)) console.error(`--- ${name}\n${text}`);
  process.exit(1);
}
