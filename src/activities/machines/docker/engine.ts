import Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import { reasonOf } from '../../../contracts/reason.ts';
import { beforeEffect } from '../../lease.ts';
import { untilAborted } from '../../ssh/abort.ts';

/** A Docker engine behind a local socket, and the name of the lab that our objects on it carry. */
export type Engine = {
  readonly docker: Docker;
  readonly lab: string;
  /**
   * Does something on the engine; an abort ends the wait at once. Fails as ProviderUnavailable, or as
   * ProviderFailed with `what` and the engine's own words.
   */
  call<T>(what: string, signal: AbortSignal, act: () => Promise<T>): Promise<T>;
  /** The same, but undefined when the engine answers that there is no such thing. */
  find<T>(what: string, signal: AbortSignal, act: () => Promise<T>): Promise<T | undefined>;
  /** The minor number of the engine's API 1.x. */
  apiMinor(signal: AbortSignal): Promise<number>;
};

/** After so long without an answer `call` fails as ProviderUnavailable; the slowest call is a machine's removal. */
export function connectEngine(socketPath: string, lab: string, silenceMilliseconds: number): Engine {
  // An environment's DOCKER_HOST must not win over the socket that was configured.
  const docker = new Docker({ socketPath, protocol: 'http', host: undefined });
  let minor: number | undefined;
  const call: Engine['call'] = async (what, signal, act) => {
    await beforeEffect();
    const silence = AbortSignal.timeout(silenceMilliseconds);
    try {
      return await untilAborted(act(), AbortSignal.any([signal, silence]));
    } catch (error) {
      signal.throwIfAborted();
      if (silence.aborted) throw silent(what, socketPath, silenceMilliseconds);
      throw asFailure(error, what, socketPath);
    }
  };
  return {
    docker,
    lab,
    call,
    find: (what, signal, act) => call(what, signal, () => undefinedIfAbsent(act)),
    apiMinor: async (signal) => {
      minor ??= Number(
        (await call('ask for its version', signal, () => docker.version())).ApiVersion.split('.')[1],
      );
      return minor;
    },
  };
}

async function undefinedIfAbsent<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The HTTP status that the engine answered with, if it answered. */
export function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's own words, without what the client puts before them. */
export function wordsOf(error: unknown): string {
  const text = reasonOf(error);
  return text.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
}

function asFailure(error: unknown, what: string, socketPath: string): Error {
  if (error instanceof Error && error.name === 'ApplicationFailure') return error;
  if (isForbidden(error)) {
    return failure(
      'Unauthorized',
      `this user may not open the Docker engine’s socket ${socketPath}; let it, by the group docker for example`,
      { cause: error, details: { socket: socketPath } },
    );
  }
  if (statusOf(error) === undefined) {
    return failure(
      'ProviderUnavailable',
      `no Docker engine answers at ${socketPath} (${wordsOf(error)}); start it`,
      { cause: error, details: { socket: socketPath } },
    );
  }
  // 400: the request itself is wrong, and will be the next time.
  return failure('ProviderFailed', `the Docker engine could not ${what}: ${wordsOf(error)}`, {
    cause: error,
    retryable: statusOf(error) !== 400,
  });
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}

function silent(what: string, socketPath: string, milliseconds: number): Error {
  return failure(
    'ProviderUnavailable',
    `the Docker engine at ${socketPath} said nothing for ${milliseconds / 1000} s when asked to ${what}; restart it`,
    { details: { socket: socketPath } },
  );
}
