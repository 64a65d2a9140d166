import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { failure } from '../../../contracts/failure.ts';
import { parseJson } from '../../../contracts/json.ts';
import { reasonOf } from '../../../contracts/reason.ts';
import type { Kubeconfig } from './kubeconfig.ts';

type Command = NonNullable<Kubeconfig['user']['exec']>;
/** What a command gives to log in with; certificate and key as PEM. */
export type Credential = {
  readonly token?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

const answerSchema = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
});

const patience = { timeout: 30_000, maxBuffer: 256 * 1024 };
const kept = new Map<string, { readonly credential: Credential; readonly until: number }>();
/** A credential that is about to expire would do so on the way. */
const marginMilliseconds = 60_000;

/**
 * Runs a kubeconfig's command on the worker, by Kubernetes' protocol for that, and keeps what it gives for as long
 * as that says it holds. Fails as Unauthorized without the command's output, which may hold a secret.
 */
export async function execCredential(command: Command, signal: AbortSignal): Promise<Credential> {
  const key = JSON.stringify(command);
  const known = kept.get(key);
  if (known !== undefined && known.until > Date.now()) return known.credential;
  const answer = answerSchema.safeParse(parseJson(await output(command, signal)));
  if (!answer.success) throw refused(command, 'it prints no ExecCredential with a status');
  const { token, clientCertificateData: cert, clientKeyData, expirationTimestamp } = answer.data.status;
  const credential = { token, cert, key: clientKeyData };
  if (expirationTimestamp !== undefined)
    kept.set(key, { credential, until: Date.parse(expirationTimestamp) - marginMilliseconds });
  return credential;
}

async function output({ command, args, env, apiVersion }: Command, signal: AbortSignal): Promise<string> {
  const told = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const KUBERNETES_EXEC_INFO = JSON.stringify({
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
  const { PATH, HOME } = process.env;
  try {
    const { stdout } = await promisify(execFile)(command, args ?? [], {
      ...patience,
      signal,
      // None of the worker's own settings, some of which are keys.
      env: { PATH, HOME, ...told, KUBERNETES_EXEC_INFO },
    });
    return stdout;
  } catch (error) {
    signal.throwIfAborted();
    const why =
      error instanceof Error && 'code' in error ? `it ended with ${String(error.code)}` : reasonOf(error);
    throw refused({ command }, why);
  }
}

function refused({ command }: Pick<Command, 'command'>, why: string): Error {
  return failure('Unauthorized', `The kubeconfig's command ${command} gives no credentials: ${why}.`);
}
