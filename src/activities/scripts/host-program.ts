import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { jsonSchema, type Json } from '../../contracts/json.ts';
import { endpointName } from '../ssh/endpoint.ts';
import type { SshConnection, SshEndpoint } from '../ssh/pool.ts';
import { shellWord } from '../ssh/shell.ts';

const program = readFileSync(new URL('host/run.py', import.meta.url), 'utf8');
export const ctxProgram = readFileSync(new URL('host/ctx.py', import.meta.url), 'utf8');

/** Program and request come by standard input: nothing of them is to be seen in a list of processes. */
const starter = `import json, sys
job = json.load(sys.stdin)
space = {"__name__": "run"}
exec(compile(job["program"], "run.py", "exec"), space)
space["main"](job)`;

const lacking = 69;
const command = `if [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then
  echo 'it does not run systemd' >&2; exit ${lacking}
fi
command -v python3 >/dev/null || { echo 'it has no python3' >&2; exit ${lacking}; }
exec python3 -I -S -c ${shellWord(starter)}`;

export type RunRequest = {
  readonly action: 'run';
  readonly run: string;
  readonly key: string;
  /** Run it anew, whatever is there. */
  readonly again: boolean;
  /** Whatever runs here for another execution of the deployment is ended first. */
  readonly owner: { readonly deployment: string; readonly execution: string } | null;
  readonly user: string;
  readonly files: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
  readonly context: Json;
  readonly process: {
    readonly user: string;
    readonly script: string;
    readonly prefix: string;
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    readonly folder: string | null;
    readonly final: readonly number[];
  };
};
export type KeyRequest = {
  readonly action: 'stop' | 'forget-secrets';
  readonly run: string;
  readonly key: string;
};

const scope = z.enum(['self', 'source', 'target']);
const changeSchema = z.union([
  z.object({ set: jsonSchema, key: z.string().min(1), scope }),
  z.object({ secret: z.literal(true), key: z.string().min(1), scope }),
  z.object({ returns: jsonSchema }),
  z.object({ abort: z.string() }),
  z.object({ retry: z.string() }),
  z.object({ log: z.string(), level: z.string() }),
]);
export type Change = z.infer<typeof changeSchema>;

const answerSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('ended'),
    status: z.number().int(),
    output: z.string(),
    changes: z.array(changeSchema),
    /** By `scope:key`; gone when they were told to be forgotten. */
    secrets: z.record(z.string(), z.string()),
  }),
  z.object({
    state: z.literal('interrupted'),
    output: z.string(),
    secrets: z.record(z.string(), z.string()),
  }),
  z.object({ state: z.literal('superseded') }),
  z.object({ state: z.literal('stopped') }),
  z.object({ state: z.literal('forgotten') }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** One command over SSH; it lasts as long as the script does. */
export async function askHost(
  connection: SshConnection,
  endpoint: SshEndpoint,
  request: RunRequest | KeyRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const stdin = JSON.stringify({ program, ...request });
  const { status, stdout, stderr } = await connection.run(command, signal, { sudo: true, stdin });
  if (status === lacking) {
    throw failure(
      'OperationInputInvalid',
      `${endpointName(endpoint)} cannot run scripts: ${stderr.trim()}. A machine needs systemd and python3.`,
    );
  }
  const answer = status === 0 ? answerSchema.safeParse(parsed(stdout)) : undefined;
  if (answer?.success === true) return answer.data;
  throw failure(
    'ScriptFailed',
    `${endpointName(endpoint)} could not start a script: ${stderr.trim().slice(-2_000) || `status ${status}`}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
