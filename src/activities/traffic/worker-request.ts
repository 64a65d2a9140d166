import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Requester } from './answer.ts';

const longestBody = 65_536;

/** Requests from the worker itself. */
export function workerRequester(url: string, timeoutSeconds: number): Requester {
  return {
    from: 'worker',
    request: async (signal) => {
      const began = performance.now();
      const elapsed = (): number => Math.round(performance.now() - began);
      const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
      try {
        const { status, body } = await get(url, AbortSignal.any([signal, timeout]));
        return { ok: true, status, body, milliseconds: elapsed() };
      } catch (error) {
        signal.throwIfAborted();
        const reason = timeout.aborted ? `curl: (28) timed out after ${timeoutSeconds} s` : curlWords(error);
        return { ok: false, reason, milliseconds: elapsed() };
      }
    },
  };
}

/** No agent: each request has a connection of its own, as with curl. */
function get(url: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    const request = send(
      url,
      { agent: false, signal, headers: { accept: '*/*', connection: 'close' } },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (body.length < longestBody) body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end();
  });
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'curl: (7) could not connect: connection refused',
  EHOSTUNREACH: 'curl: (7) could not connect: no route to host',
  ENETUNREACH: 'curl: (7) could not connect: network is unreachable',
  ETIMEDOUT: 'curl: (28) could not connect: timed out',
  ENOTFOUND: 'curl: (6) could not resolve the host',
  EAI_AGAIN: 'curl: (6) could not resolve the host',
  ECONNRESET: 'curl: (56) the connection was reset',
};

/** The reason in the words and with the number that curl gives it. */
function curlWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.message === 'socket hang up') return 'curl: (52) empty reply from the server';
  return words[code] ?? `no answer: ${error.message}`;
}
