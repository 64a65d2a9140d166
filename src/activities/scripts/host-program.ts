import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { jsonSchema } from '../../contracts/json-schemas.ts';
import { notUnderstood } from '../bounded-answer.ts';
import { endpointName } from '../ssh/endpoint.ts';
import { callProgram } from '../ssh/host-program.ts';
import type { SshConnection, SshEndpoint } from '../ssh/pool.ts';

const program = {
  program: readFileSync(new URL('host/run.py', import.meta.url), 'utf8'),
  purpose: 'run scripts',
};
export const ctxProgram = readFileSync(new URL('host/ctx.py', import.meta.url), 'utf8');
/** Cloudify's own name for `ctx` in Python, by file. */
export const pythonModules = ['__init__.py', 'exceptions.py', 'state.py'].map((name) => ({
  path: `cloudify/${name}`,
  text: readFileSync(new URL(`host/cloudify/${name}`, import.meta.url), 'utf8'),
}));

export type RunRequest = {
  readonly action: 'run';
  readonly run: string;
  readonly key: string;
  /** Run it anew, whatever is there. */
  readonly again: boolean;
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
    /** Values that stay on the host nowhere, also not in what the script says by `ctx`. */
    readonly secrets: readonly string[];
  };
};
export type KeyRequest = {
  readonly action: 'stop' | 'forget-secrets';
  readonly run: string;
  readonly key: string;
};

/** What a script says to people; the rest of it is in what it printed. */
const words = z.string().transform((text) => text.slice(0, 4_000));
const scope = z.enum(['self', 'source', 'target']);
const changeSchema = z.union([
  z.object({ set: jsonSchema, key: z.string().min(1), scope }),
  z.object({ secret: z.literal(true), key: z.string().min(1), scope }),
  z.object({ returns: jsonSchema }),
  z.object({ abort: words }),
  z.object({ retry: words }),
  z.object({ log: words, level: words }),
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
  const answer = answerSchema.safeParse(await callProgram(connection, endpoint, program, request, signal));
  if (answer.success) return answer.data;
  throw notUnderstood(endpointName(endpoint), program.purpose);
}
