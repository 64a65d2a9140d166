import { createHash, randomBytes } from 'node:crypto';
import { addAbortSignal, type Duplex } from 'node:stream';
import { readAnswer } from './answer.ts';
import { type Channel, ask, type Request } from './http.ts';

// The client library for Kubernetes has a WebSocket too; there a frame that it does not expect ends the process, and
// another one closes the worker's own output.

export type WebSocket = {
  /** The messages as they come, fragments put together, until the server closes. */
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
  request: Pick<Request, 'path' | 'what'>,
  protocols: readonly string[],
  mostBytes: number,
  signal: AbortSignal,
): Promise<WebSocket> {
  const key = randomBytes(16).toString('base64');
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Protocol': protocols.join(', '),
  };
  const { response, socket, head } = await ask(channel, { ...request, method: 'GET', headers }, signal);
  const status = response.statusCode ?? 0;
  if (socket === undefined)
    throw new NoWebSocket(status, await readAnswer(response, { bytes: refusalBytes, beyond: 'cut' }));
  // Whoever reads is told; nobody else must be.
  addAbortSignal(signal, socket).on('error', () => undefined);
  if (response.headers['sec-websocket-accept'] !== acceptOf(key)) {
    socket.destroy();
    throw new NoWebSocket(status, '');
  }
  return {
    messages: messagesOf(socket, head, mostBytes),
    close: () => void socket.end(frame(opcodes.close, Buffer.alloc(0))),
  };
}

/** What the server makes of the key, to show that it speaks WebSocket. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const longestControl = 125;

async function* messagesOf(socket: Duplex, head: Buffer, mostBytes: number): AsyncGenerator<Buffer> {
  const take = reader(socket, head);
  let parts: Buffer[] = [];
  for (;;) {
    const start = await take(2);
    if (start === undefined) return;
    const [flags = 0, size = 0] = start;
    const opcode = flags & 0x0f;
    const length = await lengthOf(size, take);
    const limit = opcode >= opcodes.close ? longestControl : mostBytes - lengthIn(parts);
    if (length > limit) throw new Error('it sends more than is read');
    const payload = await take(length);
    if (payload === undefined || opcode === opcodes.close) return;
    if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
    if (opcode >= opcodes.close) continue;
    parts.push(payload);
    if ((flags & 0x80) === 0) continue;
    yield Buffer.concat(parts);
    parts = [];
  }
}

type Take = (bytes: number) => Promise<Buffer | undefined>;

/** Gives exactly so many bytes; undefined when the socket ended before. */
function reader(socket: Duplex, head: Buffer): Take {
  const source: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  let chunks = [head];
  return async (bytes) => {
    while (lengthIn(chunks) < bytes) {
      const next = await source.next();
      if (next.done === true) return undefined;
      chunks.push(next.value);
    }
    const all = Buffer.concat(chunks);
    chunks = [all.subarray(bytes)];
    return all.subarray(0, bytes);
  };
}

/** A server's frames have no mask, so that the highest bit is clear. */
async function lengthOf(size: number, take: Take): Promise<number> {
  if (size < 126) return size;
  if (size === 126) return (await take(2))?.readUInt16BE() ?? 0;
  if (size === 127) return Number((await take(8))?.readBigUInt64BE() ?? 0);
  throw new Error('it sends what is no frame');
}

/** Of a client, and so with a mask; one of zeros leaves the payload as it is. */
function frame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

function lengthIn(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
