import { z } from 'zod';
import { failure } from '../../../contracts/failure.ts';
import { parseJson } from '../../../contracts/json.ts';
import { beforeEffect } from '../../lease.ts';
import { connectionFailure, readRefusal, refusalFailure } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { NoWebSocket, openWebSocket } from './websocket.ts';

export type PodCommand = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
};

const withinMilliseconds = 15_000;
/** Of both outputs together. */
const mostBytes = 1024 * 1024;

/** Runs a command in a container and returns what it printed. One that ends badly is NotReady. */
export async function runInPod(cluster: Cluster, command: PodCommand, signal: AbortSignal): Promise<string> {
  await beforeEffect();
  const what = `run a command in ${command.pod}`;
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMilliseconds)]);
  try {
    const { stdout, stderr, outcome } = await outputOf(cluster, command, what, within);
    if (outcome.status === 'Success') return stdout;
    const told = stderr.trim().slice(0, 300) || outcome.message.slice(0, 300);
    throw failure('NotReady', `A command in pod ${command.namespace}/${command.pod} failed: ${told}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NoWebSocket)
      throw refusalFailure(what, cluster.channel.server, readRefusal(error.status, error.body));
    if (error instanceof Error && error.name === 'ApplicationFailure') throw error;
    const late = new Error(`it has not ended after ${withinMilliseconds / 1000} seconds`);
    throw connectionFailure(what, cluster.channel.server, within.aborted ? late : error);
  }
}

/** The first byte of a message says which of these it is of. */
const channels = { stdout: 1, stderr: 2, status: 3 } as const;
const outcomeSchema = z.object({ status: z.string(), message: z.string().default('') });
type Output = {
  readonly stdout: string;
  readonly stderr: string;
  readonly outcome: z.infer<typeof outcomeSchema>;
};

async function outputOf(
  cluster: Cluster,
  { namespace, pod, container, command }: PodCommand,
  what: string,
  signal: AbortSignal,
): Promise<Output> {
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const place = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
  const request = { path: `${place}/exec?${query.toString()}`, what };
  const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  const socket = await openWebSocket(cluster.channel, request, protocols, mostBytes, signal);
  try {
    const printed = new Map<number, Buffer[]>();
    let read = 0;
    for await (const message of socket.messages) {
      const [channel = 0] = message;
      if (channel === channels.status) return { ...texts(printed), outcome: outcomeOf(message.subarray(1)) };
      read += message.length;
      if (read > mostBytes) throw new Error(`it printed more than ${mostBytes / 1024 / 1024} MiB`);
      printed.set(channel, [...(printed.get(channel) ?? []), message.subarray(1)]);
    }
    throw new Error('it ended without telling how');
  } finally {
    socket.close();
  }
}

function texts(printed: ReadonlyMap<number, readonly Buffer[]>): Pick<Output, 'stdout' | 'stderr'> {
  const textOf = (channel: number): string => Buffer.concat(printed.get(channel) ?? []).toString();
  return { stdout: textOf(channels.stdout), stderr: textOf(channels.stderr) };
}

function outcomeOf(status: Buffer): Output['outcome'] {
  const { data } = outcomeSchema.safeParse(parseJson(status.toString()));
  if (data !== undefined) return data;
  throw new Error('it ended with a status that is not understood');
}
