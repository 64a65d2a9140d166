import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { ApplicationFailure, type PayloadCodec } from '@temporalio/common';
import pLimit from 'p-limit';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';
import { type Access, cookieOf, isKnown, isToken, mayCome } from './access.ts';
import { coded } from './payloads.ts';
import { signInPage, tokenOf } from './sign-in.ts';

export type CodecServerOptions = Access & {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** For payloads of a namespace; undefined when whoever asks does not tell it. */
  readonly codecsFor: (namespace: string | undefined) => readonly PayloadCodec[];
};

export type CodecServer = { readonly url: string; close(): Promise<void> };

type Answer = {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly type?: string;
  readonly body?: string;
};

/** The largest message that Temporal lets through is 4 MB, in base64. */
const largestBody = 8 * 1024 * 1024;
/** Of the page on which one signs in. */
const largestForm = 4 * 1024;
/** Each may take as much memory as the largest content, several times over. */
const atOnce = pLimit(4);

/**
 * Temporal's codec server: POST /decode and /encode, for the Web UI and `temporal --codec-endpoint`.
 * Fails as ConfigurationInvalid when it cannot listen there.
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const server = createServer((request, response) => void serve(request, response, options));
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = reasonOf(error);
    throw failure('ConfigurationInvalid', `The codec server cannot listen: ${reason}`, { cause: error });
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
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
  options: CodecServerOptions,
): Promise<void> {
  const { status, headers, type = 'application/json', body = '' } = await answered(request, options);
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    ...crossOrigin(request, options),
    ...headers,
  });
  response.end(body);
}

async function answered(request: IncomingMessage, options: CodecServerOptions): Promise<Answer> {
  try {
    return await answer(request, options);
  } catch (error) {
    if (error instanceof ApplicationFailure) return problem(400, error.type ?? 'Internal', error.message);
    console.error(error);
    return problem(500, 'Internal', 'The codec server failed; its log tells why.');
  }
}

async function answer(request: IncomingMessage, options: CodecServerOptions): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://server');
  const { origin } = request.headers;
  const route = `${request.method ?? ''} ${pathname}`;
  if (route === 'GET /health') return { status: 200, body: '{"healthy":true}' };
  if (route === 'GET /') return page(200, signInWords);
  if (route === 'POST /sign-in') return signIn(request, options);
  if (!mayCome(options, origin)) {
    return problem(
      403,
      'Unauthorized',
      `Pages of ${origin ?? ''} are not served; --origin names those that are.`,
    );
  }
  if (request.method === 'OPTIONS') return { status: 204 };
  const [, direction] = /^POST (?:\/[^/]+)?\/(encode|decode)$/.exec(route) ?? [];
  if (direction !== 'encode' && direction !== 'decode') {
    return problem(404, 'InvalidInput', 'There is POST /decode and POST /encode.');
  }
  if (!isKnown(options, request)) {
    return problem(401, 'Unauthorized', 'Give the codec server’s token, as Authorization: Bearer …');
  }
  const codecs = options.codecsFor(namespaceOf(request));
  const text = await bodyOf(request, largestBody);
  return atOnce(async () => ({ status: 200, body: await coded(text, direction, codecs) }));
}

const signInWords = 'With its token, this browser may read what Temporal keeps, in the Web UI.';

async function signIn(request: IncomingMessage, access: Access): Promise<Answer> {
  if (!isToken(access, tokenOf(await bodyOf(request, largestForm))))
    return page(401, 'That is not the token.');
  return {
    ...page(200, 'You are signed in. Load the page of the Web UI anew.'),
    headers: { 'set-cookie': cookieOf(access.token, request) },
  };
}

/** As the Web UI and `temporal` tell it. */
function namespaceOf({ headers }: IncomingMessage): string | undefined {
  const given = headers['x-namespace'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function page(status: number, message: string): Answer {
  return { status, type: 'text/html; charset=utf-8', body: signInPage(message) };
}

function problem(status: number, code: string, message: string): Answer {
  return { status, body: JSON.stringify({ code, message }) };
}

function crossOrigin({ headers }: IncomingMessage, access: Access): OutgoingHttpHeaders {
  const { origin } = headers;
  if (origin === undefined || !mayCome(access, origin)) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'content-type, x-namespace',
    // A Web UI out on the network asks a codec server on this machine.
    'access-control-allow-private-network': 'true',
  };
}

async function bodyOf(request: IncomingMessage, largest: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > largest) throw failure('InvalidInput', `The request is larger than ${largest} bytes.`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString();
}
