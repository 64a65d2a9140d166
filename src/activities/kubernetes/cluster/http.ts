import * as http from 'node:http';
import * as https from 'node:https';
import { createInterface } from 'node:readline';
import { text as readText } from 'node:stream/consumers';
import { beforeEffect } from '../../lease.ts';
import { connectionFailure } from '../errors.ts';
import type { TlsMaterial } from './access.ts';

// The client library opens (and leaks) one TLS connection a request and drops fields that it does not know;
// so requests go through a kept agent of our own and stay plain JSON.

/** A kept pool of connections to one API server. */
export type Channel = {
  readonly server: string;
  readonly agent: http.Agent;
  readonly headers: Readonly<Record<string, string>>;
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

const silenceMilliseconds = 20_000;

export function openChannel(
  server: string,
  tls: TlsMaterial,
  headers: Readonly<Record<string, string>>,
): Channel {
  const kept = { keepAlive: true, keepAliveMsecs: 15_000 };
  const agent = server.startsWith('http://') ? new http.Agent(kept) : new https.Agent({ ...kept, ...tls });
  return { server, agent, headers };
}

/** Any status is an answer; no answer fails as Unreachable (or Unauthorized for a certificate). */
export async function exchange(channel: Channel, request: Request, signal: AbortSignal): Promise<Answer> {
  if (request.method !== 'GET') await beforeEffect();
  try {
    return await readAnswer(await send(channel, request, signal));
  } catch (error) {
    if (error instanceof StaleConnection) return await exchange(channel, request, signal);
    throw translate(channel, request, error, signal);
  }
}

/** Hands over each line of a long answer until the server ends it. The caller bounds the silence. */
export async function stream(
  channel: Channel,
  request: Request,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  try {
    const response = await send(channel, request, signal);
    response.setTimeout(0);
    for await (const line of createInterface({ input: response })) onLine(line);
    return response.statusCode ?? 0;
  } catch (error) {
    throw translate(channel, request, error, signal);
  }
}

/** The server closed a kept connection just as it was used again: every request here may be sent twice. */
class StaleConnection extends Error {}

async function send(channel: Channel, request: Request, signal: AbortSignal): Promise<http.IncomingMessage> {
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

async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  return { status: response.statusCode ?? 0, body: await readText(response) };
}

function translate(channel: Channel, request: Request, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return connectionFailure(request.what, channel.server, error);
}
