import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { textOfLog } from '../../src/activities/docker-log.ts';

function frame(stream: number, text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.alloc(8);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

it('is the text of both streams in their order, however it is cut', async () => {
  const log = Buffer.concat([frame(1, 'one\n'), frame(2, 'töw'), frame(1, 'o\n')]);
  for (const cut of [0, 3, 8, 10, 22]) {
    const pieces = Readable.from(
      [log.subarray(0, cut), log.subarray(cut)].filter(({ length }) => length > 0),
    );
    expect(await textOfLog(new Docker(), pieces)).toBe('one\ntöwo\n');
  }
});
