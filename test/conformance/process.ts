import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Killed, Step } from './kind.ts';
import type { Instance } from './instance.ts';

const program = fileURLToPath(new URL('step-process.ts', import.meta.url));
const compiled = fileURLToPath(new URL('../../node_modules/.cache/braid/compiled', import.meta.url));

const outcomeSchema = z.union([
  z.object({ ended: z.literal('well') }),
  z.object({
    ended: z.literal('badly'),
    type: z.string(),
    message: z.string(),
    nonRetryable: z.boolean(),
    milliseconds: z.number(),
  }),
]);
/** How a step went in a process of its own. */
export type Outcome = z.infer<typeof outcomeSchema> | { readonly ended: 'killed' };

/** Runs a step in a process of its own, which is killed in the place of the n-th answer. */
export async function runKilled(
  instance: Instance,
  step: Step,
  at: Killed['at'],
  n: number,
): Promise<Outcome> {
  if (at === 'ssh') return await runInProcess(instance, step, { dieAtAnswer: n });
  const proxy = at();
  try {
    return await runInProcess(instance, step, {
      started: (kill) => proxy.atChange(n, kill),
    });
  } finally {
    proxy.atChange(0, () => undefined);
  }
}

type Manner = {
  readonly dieAtAnswer?: number;
  readonly started?: (kill: () => void) => void;
  /** Even root may then not open what its modes forbid. */
  readonly asAnyUser?: boolean;
};

export async function runInProcess(instance: Instance, step: Step, manner: Manner): Promise<Outcome> {
  const child = manner.asAnyUser === true ? start(withoutRights) : takeSpare();
  const output = text(child.stdout);
  const closed = once(child, 'close');
  manner.started?.(() => void child.kill('SIGKILL'));
  child.stdin.end(
    JSON.stringify({
      settings: instance.kind.worker().settings,
      context: instance.contextOf(step),
      dieAtAnswer: manner.dieAtAnswer ?? null,
    }),
  );
  await closed;
  if (child.signalCode === 'SIGKILL') return { ended: 'killed' };
  return outcomeSchema.parse(JSON.parse(await output));
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Started while its forerunner works, since loading takes it longer than working. Ends with this process. */
let spare: Child | undefined;

function takeSpare(): Child {
  const child = spare ?? start([]);
  spare = start([]);
  return child;
}

const rights = '-dac_override,-dac_read_search';
const withoutRights =
  process.getuid?.() === 0 ? ['setpriv', `--bounding-set=${rights}`, `--inh-caps=${rights}`] : [];

function start(before: readonly string[]): Child {
  const [command, ...args] = [...before, process.execPath, program];
  return spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  });
}
