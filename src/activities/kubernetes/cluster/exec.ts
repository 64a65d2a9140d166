import { Exec } from '@kubernetes/client-node';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { failure } from '../../../contracts/failure.ts';
import { beforeEffect } from '../../lease.ts';
import { connectionFailure } from '../errors.ts';
import type { Cluster } from './cluster.ts';

export type PodCommand = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
};

/** Runs a command in a container and returns what it printed. One that ends badly is NotReady. */
export async function runInPod(cluster: Cluster, command: PodCommand, signal: AbortSignal): Promise<string> {
  await beforeEffect();
  const within = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
  const output = new PassThrough();
  const errors = new PassThrough();
  const printed = Promise.all([readText(output), readText(errors)]);
  const ended = Promise.withResolvers<Outcome>();
  // Whoever is not awaited when the other fails must not count as unhandled.
  printed.catch(() => undefined);
  ended.promise.catch(() => undefined);
  within.addEventListener('abort', () => ended.reject(within.reason), { once: true });
  const socket = await connect(cluster, command, output, errors, ended);
  try {
    const outcome = await ended.promise;
    const [stdout, stderr] = await printed;
    if (outcome.status === 'Success') return stdout;
    const told = stderr.trim().slice(0, 300) || outcome.message;
    throw failure('NotReady', `A command in pod ${command.namespace}/${command.pod} failed: ${told}`);
  } catch (error) {
    signal.throwIfAborted();
    if (within.aborted)
      throw connectionFailure(`run a command in ${command.pod}`, cluster.channel.server, error);
    throw error;
  } finally {
    socket.close();
    output.destroy();
    errors.destroy();
  }
}

type Outcome = { readonly status: string; readonly message: string };

async function connect(
  cluster: Cluster,
  command: PodCommand,
  output: PassThrough,
  errors: PassThrough,
  ended: PromiseWithResolvers<Outcome>,
): Promise<{ close(): void }> {
  try {
    const socket = await new Exec(cluster.access.config).exec(
      command.namespace,
      command.pod,
      command.container,
      [...command.command],
      output,
      errors,
      null,
      false,
      (status) => ended.resolve({ status: status.status ?? '', message: status.message ?? '' }),
    );
    // Sent after the status when all went well, so that it only matters when none came.
    socket.addEventListener('close', () => {
      ended.reject(connectionFailure(`run a command in ${command.pod}`, cluster.channel.server, undefined));
    });
    return socket;
  } catch (error) {
    const cause = error instanceof Error ? error : websocketError(error);
    throw connectionFailure(`run a command in ${command.pod}`, cluster.channel.server, cause);
  }
}

/** The library rejects with the socket's event instead of its error. */
function websocketError(event: unknown): Error {
  const message =
    typeof event === 'object' && event !== null && 'message' in event
      ? String(event.message)
      : 'no connection';
  return new Error(message);
}
