import * as http from 'node:http';
import * as https from 'node:https';
import { beforeEffect } from '../../lease.ts';
import { connectionFailure, tooLongFailure } from '../errors.ts';
import type { ClusterAccess, TlsMaterial } from './access.ts';
import { AnswerTooLong, type Most, readAnswer } from './answer.ts';
import { proxiedAgent } from './proxy.ts';

// The client library opens (and leaks) one TLS connection a request, drops fields that it does not know, and reads
// whatever a cluster sends; so requests go through a kept agent of our own and stay plain JSON.

/** A kept pool of connections to one API server. */
export type Channel = {
  readonly server: string;
  readonly agent: http.Agent;
  readonly headers: ClusterAccess['headers'];
};
export type Request = {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** Names the request in an error, «read Pod:default/router». */
  readonly what: string;
};
export type Answer = { readonly status: number; readonly body: string };

export const silenceMilliseconds = 20_000;
/** One that goes on telling a little now and then is not waited for longer either. */
const wholeMilliseconds = 60_000;
const usualMost: Most = { bytes: 16 * 1024 * 1024, beyond: 'refuse' };

export function openChannel({
  server,
  tls,
  headers,
  proxy,
}: Omit<ClusterAccess, 'defaultNamespace'>): Channel {
  return { server, agent: agentTo(server, tls, proxy), headers };
}

function agentTo(server: string, tls: TlsMaterial, proxy: string | undefined): http.Agent {
  const kept = { keepAlive: true, keepAliveMsecs: 15_000 };
  if (server.startsWith('http://')) return new http.Agent(kept);
  return proxy === undefined ? new https.Agent({ ...kept, ...tls }) : proxiedAgent(proxy, tls, kept);
}

/**
 * Any status is an answer; no answer fails as Unreachable (or Unauthorized for a certificate), one that is longer
 * than is read as ResourceRejected.
 */
export async function exchange(
  channel: Channel,
  request: Request,
  signal: AbortSignal,
  most: Most = usualMost,
): Promise<Answer> {
  if (request.method !== 'GET') await beforeEffect();
  const whole = AbortSignal.timeout(wholeMilliseconds);
  try {
    const response = await ask(channel, request, AbortSignal.any([signal, whole]));
    return { status: response.statusCode ?? 0, body: await readAnswer(response, most) };
  } catch (error) {
    if (error instanceof StaleConnection) return await exchange(channel, request, signal, most);
    if (whole.aborted && !signal.aborted)
      throw connectionFailure(request.what, channel.server, new Error('its answer does not come to an end'));
    throw translate(channel, request, error, signal);
  }
}

/** Tells whenever something of a long answer comes, until the server ends it. The caller bounds the silence. */
export async function stream(
  channel: Channel,
  request: Request,
  onData: () => void,
  signal: AbortSignal,
): Promise<number> {
  try {
    const response = await ask(channel, request, signal);
    response.setTimeout(0);
    const data: AsyncIterable<Buffer> = response;
    // Nothing of it is kept: a line may have no end.
    for await (const { length } of data) if (length > 0) onData();
    return response.statusCode ?? 0;
  } catch (error) {
    throw translate(channel, request, error, signal);
  }
}

/** The server closed a kept connection just as it was used again: every request here may be sent twice. */
class StaleConnection extends Error {}

/** Sends a request, and waits for the head of its answer. */
async function ask(channel: Channel, request: Request, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const body = request.body === undefined ? undefined : Buffer.from(request.body.text);
  const options: https.RequestOptions = {
    method: request.method,
    agent: channel.agent,
    signal,
    timeout: silenceMilliseconds,
    headers: {
      Accept: 'application/json',
      'User-Agent': 'braid',
      ...channel.headers,
      ...(body === undefined ? {} : { 'Content-Type': request.body?.type, 'Content-Length': body.length }),
    },
  };
  const url = `${channel.server}${request.path}`;
  const outgoing = url.startsWith('http://') ? http.request(url, options) : https.request(url, options);
  outgoing.on('response', resolve);
  outgoing.on('timeout', () => {
    outgoing.destroy(new Error(`no answer within ${silenceMilliseconds / 1000} seconds`));
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    const stale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    reject(stale ? new StaleConnection() : error);
  });
  outgoing.end(body);
  return await promise;
}

function translate(channel: Channel, request: Request, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof AnswerTooLong) return tooLongFailure(request.what, channel.server, error);
  return connectionFailure(request.what, channel.server, error);
}
