import { describe, expect, it } from 'vitest';
import { consoleText } from '../../../../src/activities/machines/docker/console.ts';

function frame(stream: number, text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.alloc(8);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

describe('a console', () => {
  it('is the text of both streams, without colours, empty lines and carriage returns', () => {
    const log = Buffer.concat([
      frame(1, '[    0.1] \u001b[32mLinux\u001b[0m\r\n\r\n'),
      frame(2, 'qemu: ö'),
      frame(1, 'x\n'),
    ]);
    expect(consoleText(log)).toBe('[    0.1] Linux\nqemu: öx');
  });

  it('is empty when nothing was written', () => {
    expect(consoleText(Buffer.alloc(0))).toBe('');
  });
});
