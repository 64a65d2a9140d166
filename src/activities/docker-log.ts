import type { Readable } from 'node:stream';

const headLength = 8;

/** What a log holds of both outputs, in the order in which the engine tells it: frames of a head and a content. */
export async function* contentOf(log: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let missing = 0;
  for await (const piece of log) {
    let rest = piece;
    while (rest.length > 0) {
      if (missing === 0) {
        const length = headLength - head.length;
        head = Buffer.concat([head, rest.subarray(0, length)]);
        rest = rest.subarray(length);
        if (head.length < headLength) break;
        missing = head.readUInt32BE(4);
        head = Buffer.alloc(0);
      }
      const content = rest.subarray(0, missing);
      rest = rest.subarray(content.length);
      missing -= content.length;
      if (content.length > 0) yield content;
    }
  }
}

/** Of a log of which only the last lines are wanted, and of a line that does not end. */
const endLength = 64 * 1024;
const mostRead = 4 * 1024 * 1024;

/** How a log ends, 64 KiB at most; of one that does not end, what is there after 4 MiB. */
export async function endOfLog(content: AsyncIterable<Buffer>): Promise<string> {
  let end = Buffer.alloc(0);
  let read = 0;
  for await (const piece of content) {
    end = Buffer.concat([end, piece]).subarray(-endLength);
    read += piece.length;
    if (read > mostRead) break;
  }
  return end.toString('utf8');
}

/** The pieces of a stream, which is ended when it says nothing for a while, and at the abort. */
export async function* flowing(
  stream: Readable,
  signal: AbortSignal,
  silenceMilliseconds: number,
  silent: () => Error,
): AsyncGenerator<Buffer> {
  const abort = (): void => void stream.destroy(signal.reason);
  const timer = setTimeout(() => stream.destroy(silent()), silenceMilliseconds);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    for await (const piece of stream) {
      timer.refresh();
      yield Buffer.from(piece);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    stream.destroy();
  }
}
