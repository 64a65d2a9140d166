import { gzipSync } from 'node:zlib';
import type { Payload } from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compressionCodec as codecThat,
  failAsUnreadable,
  largestContent,
} from '../../src/connection/compression.ts';

const compressionCodec = codecThat(failAsUnreadable);

const payloadOf = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(text)),
});
const textOf = ({ data }: Payload): string => Buffer.from(data ?? []).toString();

describe('the compression of payloads', () => {
  it('leaves small ones readable', async () => {
    const small = payloadOf('x'.repeat(1000));
    expect(await compressionCodec.encode([small])).toEqual([small]);
  });

  it('leaves one without data as it is', async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a worker hands over for `undefined`
    const nothing = { metadata: { encoding: Buffer.from('binary/null') }, data: [] } as unknown as Payload;
    expect(await compressionCodec.encode([nothing])).toEqual([nothing]);
  });

  it('makes large ones small, and tells what they were', async () => {
    const large = payloadOf('x'.repeat(100_000));
    const [encoded = {}] = await compressionCodec.encode([large]);
    expect(encoded.data?.byteLength).toBeLessThan(1000);
    const [decoded = {}] = await compressionCodec.decode([encoded]);
    expect(textOf(decoded)).toBe(textOf(large));
    expect(Buffer.from(decoded.metadata?.['encoding'] ?? []).toString()).toBe('json/plain');
  });

  it('gives back what it was given', async () => {
    const texts = fc.array(fc.string({ maxLength: 50 }).map((text) => text.repeat(400)));
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const payloads = all.map(payloadOf);
        const back = await compressionCodec.decode(await compressionCodec.encode(payloads));
        expect(back.map(textOf)).toEqual(payloads.map(textOf));
      }),
      { numRuns: 30 },
    );
  });

  it('passes on what another client wrote', async () => {
    const foreign = [payloadOf('x'.repeat(20_000)), { metadata: {} }];
    expect(await compressionCodec.decode(foreign)).toEqual(foreign);
  });

  it('keeps what else the metadata tells', async () => {
    const told = { ...payloadOf('x'.repeat(20_000)).metadata, more: Buffer.from('told') };
    const [encoded = {}] = await compressionCodec.encode([
      { ...payloadOf('x'.repeat(20_000)), metadata: told },
    ]);
    const [decoded = {}] = await compressionCodec.decode([encoded]);
    expect(decoded.metadata).toEqual(told);
  });
});

const bomb = (bytes: number): Payload => ({
  metadata: { encoding: Buffer.from('binary/gzip'), 'original-encoding': Buffer.from('json/plain') },
  data: gzipSync(Buffer.alloc(bytes)),
});

describe('what would be too much', () => {
  const refused: Payload = { metadata: { encoding: Buffer.from('binary/refused') } };

  it('is not decompressed beyond the limit', async () => {
    await expect(compressionCodec.decode([bomb(largestContent + 1)])).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining(`more than ${largestContent} bytes`),
    });
    expect((await compressionCodec.decode([bomb(largestContent)]))[0]?.data).toHaveLength(largestContent);
  });

  it('is counted over all that is decoded together', async () => {
    const half = bomb(largestContent / 2 + 1);
    await expect(compressionCodec.decode([half, half])).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('becomes a payload that says so where an error would be tried again', async () => {
    const said: string[] = [];
    const codec = codecThat((reason) => {
      said.push(reason);
      return refused;
    });
    const broken = { ...bomb(10), data: Buffer.from('no gzip') };
    expect(await codec.decode([bomb(largestContent + 1), broken])).toEqual([refused, refused]);
    expect(said).toEqual([
      expect.stringContaining('it is more than'),
      expect.stringContaining('incorrect header check'),
    ]);
  });

  it('is not encoded either', async () => {
    const large = { metadata: {}, data: Buffer.alloc(largestContent + 1) };
    await expect(compressionCodec.encode([large])).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
