import { WebSocket, createWebSocketStream } from 'ws';
import { readAnswer } from './answer.ts';
import { type Channel, type Request, silenceMilliseconds } from './http.ts';

// The client library has a WebSocket of its own, over the same package; there a frame that it does not expect ends the
// process, and another one closes the worker's own output.

export type PodSocket = {
  /** The messages as they come, until the server closes. */
  readonly messages: AsyncIterable<Buffer>;
  close(): void;
};

/** The server answered, but with something else than a WebSocket. */
export class NoWebSocket extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`it answers ${status} instead of a WebSocket`);
    this.status = status;
    this.body = body;
  }
}

const refusalBytes = 64 * 1024;

/** `mostBytes`: of one message. A socket that breaks or says what is no frame rejects the reading. */
export async function openWebSocket(
  channel: Channel,
  { path }: Pick<Request, 'path'>,
  protocols: readonly string[],
  mostBytes: number,
  signal: AbortSignal,
): Promise<PodSocket> {
  signal.throwIfAborted();
  const socket = new WebSocket(`${channel.server}${path}`.replace(/^http/u, 'ws'), [...protocols], {
    agent: channel.agent,
    headers: { 'User-Agent': 'braid', ...channel.headers },
    maxPayload: mostBytes,
    perMessageDeflate: false,
    handshakeTimeout: silenceMilliseconds,
  });
  const messages = createWebSocketStream(socket, { readableObjectMode: true });
  // The package would wait for the server to close.
  socket.on('error', () => socket.terminate());
  const opened = Promise.withResolvers<void>();
  socket.on('open', () => opened.resolve());
  socket.on('unexpected-response', (_request, response) => {
    const most = { bytes: refusalBytes, beyond: 'cut' } as const;
    readAnswer(response, most).then(
      (body) => opened.reject(new NoWebSocket(response.statusCode ?? 0, body)),
      opened.reject,
    );
  });
  // Whoever waits or reads is told; nobody else must be.
  messages.on('error', opened.reject);
  signal.addEventListener('abort', () => messages.destroy(), { once: true });
  try {
    await opened.promise;
  } catch (error) {
    messages.destroy();
    throw error;
  }
  return { messages: told(messages), close: () => void messages.destroy() };
}

async function* told(messages: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  try {
    for await (const message of messages) yield Buffer.from(message);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
      throw new Error('it sends more than is read', { cause: error });
    if (typeof code === 'string' && code.startsWith('WS_ERR_')) {
      throw new Error('it sends what is no frame', { cause: error });
    }
    throw error;
  }
}
