import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as ask,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';
import { type Rules, whyRefused } from './rules.ts';

export type GuardOptions = Rules & {
  /** Where it listens. Port 0: any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  /** `http://127.1.2.3:8080` */
  readonly to: string;
  /** The name under which what is guarded is asked; default: that of `to`. */
  readonly as?: string;
};

export type Guard = { readonly port: number; close(): Promise<void> };

/** Longer than any browser keeps a connection, so that none asks on one that is being closed. */
const idleMilliseconds = 600_000;

/**
 * Stands before a server that trusts whoever reaches it, and lets no page of elsewhere through. Fails as
 * ConfigurationInvalid when it cannot listen there.
 */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const server = createServer((request, response) => void serve(request, response, options));
  const { host, port } = options.listen;
  server.keepAliveTimeout = idleMilliseconds;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw failure('ConfigurationInvalid', `The guard cannot listen: ${reasonOf(error)}`, { cause: error });
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: GuardOptions,
): Promise<void> {
  const { method = 'GET', headers } = request;
  const reason = whyRefused(options, { method, headers });
  if (reason !== undefined) return answer(response, 403, reason);
  try {
    await passOn(request, response, options);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else answer(response, 502, `What is behind does not answer: ${reasonOf(error)}`);
  }
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { to, as }: GuardOptions,
): Promise<void> {
  const { host, hostname, port } = new URL(to);
  const asked = ask({
    hostname,
    port,
    method: request.method,
    path: request.url,
    headers: { ...request.headers, host: as ?? host },
    // A connection that was kept may be to a server that has ended since.
    agent: false,
  });
  // Also once it has answered; before, it is told by the waiting for it.
  asked.on('error', () => undefined);
  response.once('close', () => asked.destroy());
  const [[answered]] = await Promise.all([answerOf(asked), pipeline(request, asked)]);
  response.writeHead(answered.statusCode ?? 502, answered.headers);
  await pipeline(answered, response);
}

async function answerOf(asked: ClientRequest): Promise<[IncomingMessage]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as node has it
  return (await once(asked, 'response')) as [IncomingMessage];
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ message }));
}
