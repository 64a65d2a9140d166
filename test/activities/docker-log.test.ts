import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { contentOf, endOfLog, flowing } from '../../src/activities/docker-log.ts';

function frame(stream: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

it('is the content of both streams in their order, however it is cut', async () => {
  const log = Buffer.concat([
    frame(1, Buffer.from('one\n')),
    frame(2, Buffer.from('töw')),
    frame(1, Buffer.from('o\n')),
  ]);
  for (let cut = 0; cut <= log.length; cut += 1) {
    expect(await text(contentOf(inPieces([log.subarray(0, cut), log.subarray(cut)])))).toBe('one\ntöwo\n');
  }
});

it('passes on what comes of a frame that is never complete, and holds nothing of it', async () => {
  const head = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const content = contentOf(inPieces([head, Buffer.from('a'), Buffer.from('b')]));
  expect((await content.next()).value).toEqual(Buffer.from('a'));
  expect((await content.next()).value).toEqual(Buffer.from('b'));
});

it('ends with 64 KiB at most, also when the log goes on for ever', async () => {
  let told = 0;
  async function* endless() {
    for (;;) {
      told += 65_536;
      yield Buffer.alloc(65_536, 'x');
    }
  }
  expect(await endOfLog(endless())).toHaveLength(65_536);
  expect(told).toBeLessThan(5 * 1024 * 1024);
  expect(await endOfLog(inPieces([Buffer.from('one\n'), Buffer.from('two')]))).toBe('one\ntwo');
});

it('is waited for while something comes, and no longer', async () => {
  const silent = new Readable({ read: () => undefined });
  silent.push('a');
  const pieces = flowing(silent, new AbortController().signal, 20, () => new Error('it says nothing'));
  expect((await pieces.next()).value).toEqual(Buffer.from('a'));
  await expect(pieces.next()).rejects.toThrow('it says nothing');
  expect(silent.destroyed).toBe(true);
  const controller = new AbortController();
  const stopped = flowing(
    new Readable({ read: () => undefined }),
    controller.signal,
    60_000,
    () => new Error(),
  );
  const next = stopped.next();
  controller.abort(new Error('stopped'));
  await expect(next).rejects.toThrow('stopped');
});

async function* inPieces(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}
