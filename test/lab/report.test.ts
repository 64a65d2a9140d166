import { describe, expect, it } from 'vitest';
import { clock, createReporter, seconds } from '../../lab/report.ts';

function paper(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

describe('the reporter', () => {
  it('writes plain lines with elapsed times where there is no terminal', async () => {
    const out = paper(false);
    let time = 0;
    const report = createReporter(out, () => time);
    time = 61_000;
    const result = await report.step('images', 'what machines boot', async (note) => {
      time = 64_000;
      note('building');
      return 7;
    });
    expect(result).toBe(7);
    expect(out.written).toEqual([
      '[01:01] images: what machines boot\n',
      '[01:04]   building\n',
      '[01:04] images: done in 3.0 s\n',
    ]);
  });

  it('draws over its line on a terminal', async () => {
    const out = paper(true);
    await createReporter(out).step('images', 'what machines boot', async (note) => note('building'));
    expect(out.written.join('')).toContain('building … 0.0 s\r\u001B[2K[00:00] images: done');
  });

  it('says what failed and throws it on', async () => {
    const out = paper(false);
    const failing = createReporter(out).step('images', 'why', async () => {
      throw new Error('no disk');
    });
    await expect(failing).rejects.toThrow('no disk');
    expect(out.written.at(-1)).toContain('images: FAILED after');
  });
});

it.each([
  [310, '0.3 s'],
  [9_960, '10 s'],
  [59_700, '1 min 00 s'],
  [245_000, '4 min 05 s'],
])('%d ms is %s', (milliseconds, text) => expect(seconds(milliseconds)).toBe(text));

it('a clock goes on after an hour', () => expect(clock(3_725_000)).toBe('62:05'));
