import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encryptionCodec, keyId } from '../../src/connection/encryption.ts';

const newKey = () => randomBytes(32).toString('base64');
const [key, other] = [newKey(), newKey()];
const codec = encryptionCodec({ key, oldKeys: [] });
const payloadOf = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain'), more: Buffer.from('told') },
  data: Buffer.from(JSON.stringify(text)),
});
const plain = ({ data, metadata }: Payload) => ({
  data: Buffer.from(data ?? []).toString(),
  metadata: Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()]),
});

describe('the encryption of payloads', () => {
  test('gives back what it was given, metadata too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), async (texts) => {
        const payloads = texts.map(payloadOf);
        const back = await codec.decode(await codec.encode(payloads));
        expect(back.map(plain)).toEqual(payloads.map(plain));
      }),
      { numRuns: 30 },
    );
  });

  test('takes what a workflow without a result hands over', async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an empty array and no bytes
    const nothing = { metadata: { encoding: Buffer.from('binary/null') }, data: [] } as unknown as Payload;
    const back = await codec.decode(await codec.encode([nothing]));
    expect(back.map(plain)).toEqual([plain(nothing)]);
  });

  test('leaves nothing readable but which key it was', async () => {
    const [sealed = {}, again = {}] = await codec.encode([payloadOf('a property'), payloadOf('a property')]);
    expect(plain(sealed).data).not.toContain('a property');
    expect(plain(sealed).metadata).toEqual([
      ['encoding', 'binary/encrypted'],
      ['encryption-key-id', keyId(key)],
    ]);
    expect(again.data).not.toEqual(sealed.data);
  });

  test('does nothing without a key, and reads what a person typed', async () => {
    const typed = [payloadOf('by hand'), { metadata: {} }];
    expect(await encryptionCodec({ key: undefined, oldKeys: [] }).encode(typed)).toEqual(typed);
    expect(await codec.decode(typed)).toEqual(typed);
  });

  test('reads by a key that was replaced', async () => {
    const replaced = encryptionCodec({ key: other, oldKeys: [key] });
    const back = await replaced.decode(await codec.encode([payloadOf('earlier')]));
    expect(back.map(plain)).toEqual([plain(payloadOf('earlier'))]);
  });

  test.each([
    [{ key: other, oldKeys: [] }, `given are only ${keyId(other)}`],
    [{ key: undefined, oldKeys: [] }, 'no key is given'],
  ])('names the key that is lacking', async (keys, given) => {
    const read = encryptionCodec(keys).decode(await codec.encode([payloadOf('x')]));
    await expect(read).rejects.toMatchObject({
      type: 'ConfigurationInvalid',
      message: `A payload is encrypted with the key ${keyId(key)}, and ${given}. Give that key in BRAID_PAYLOAD_KEY, or in BRAID_PAYLOAD_OLD_KEYS when it was replaced.`,
    });
  });

  test('tells when something was changed', async () => {
    const [{ metadata, data } = {}] = await codec.encode([payloadOf('x')]);
    const changed = Buffer.from(data ?? []).map((byte, at) => (at === 30 ? byte ^ 1 : byte));
    const read = codec.decode([{ ...(metadata ? { metadata } : {}), data: changed }]);
    await expect(read).rejects.toMatchObject({
      type: 'ConfigurationInvalid',
      message: expect.stringContaining('was changed'),
    });
  });
});
