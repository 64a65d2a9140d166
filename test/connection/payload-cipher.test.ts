import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEncrypted, keyId, decrypt, encrypt } from '../../src/connection/payload-cipher.ts';

const key = randomBytes(32).toString('base64');
const keys = new Map([[keyId(key), key]]);
const payloadOf = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain'), more: Buffer.from('told') },
  data: Buffer.from(JSON.stringify(text)),
});
const plain = ({ data, metadata }: Payload) => ({
  data: Buffer.from(data ?? []).toString(),
  metadata: Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()]),
});

describe('a encrypted payload', () => {
  test('gives back what it was given, metadata too, and to what it is bound', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, boundTo) => {
        const decrypted = decrypt(encrypt(payloadOf(text), key, boundTo), keys);
        expect([decrypted.boundTo, decrypted.keyId]).toEqual([boundTo, keyId(key)]);
        expect(plain(decrypted.payload ?? {})).toEqual(plain(payloadOf(text)));
      }),
      { numRuns: 30 },
    );
  });

  test('takes what a workflow without a result hands over', () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an empty array and no bytes
    const nothing = { metadata: { encoding: Buffer.from('binary/null') }, data: [] } as unknown as Payload;
    expect(plain(decrypt(encrypt(nothing, key, ''), keys).payload ?? {})).toEqual(plain(nothing));
  });

  test('leaves nothing readable but which key it was and where it belongs', () => {
    const [encrypted, again] = [
      encrypt(payloadOf('a property'), key, 'here'),
      encrypt(payloadOf('a property'), key, 'here'),
    ];
    expect(plain(encrypted).data).not.toContain('a property');
    expect(plain(encrypted).metadata).toEqual([
      ['encoding', 'binary/encrypted'],
      ['encryption-key-id', keyId(key)],
      ['bound-to', 'here'],
    ]);
    expect([isEncrypted(encrypted), isEncrypted(payloadOf('x'))]).toEqual([true, false]);
    expect(again.data).not.toEqual(encrypted.data);
  });

  test.each([
    ['its content', (encrypted: Payload) => ({ ...encrypted, data: flipped(encrypted.data) })],
    ['where it belongs', (encrypted: Payload) => withField(encrypted, 'bound-to', 'elsewhere')],
    ['that it is bound at all', (encrypted: Payload) => withoutField(encrypted, 'bound-to')],
  ])('does not open when somebody changed %s', (_what, change) => {
    expect(decrypt(change(encrypt(payloadOf('x'), key, 'here')), keys).payload).toBeUndefined();
  });

  test('of another key is told with its id', () => {
    const encrypted = encrypt(payloadOf('x'), key, '');
    expect(() => decrypt(encrypted, new Map())).toThrow(
      expect.objectContaining({
        type: 'ConfigurationInvalid',
        message: `A payload is encrypted with the key ${keyId(key)}, and no key is given. Give that key in BRAID_PAYLOAD_KEY, or in BRAID_PAYLOAD_OLD_KEYS when it was replaced.`,
      }),
    );
    expect(() => decrypt(encrypted, new Map([['abc', key]]))).toThrow('given are only abc');
  });
});

function flipped(data: Uint8Array | null | undefined): Uint8Array {
  return Buffer.from(data ?? []).map((byte, at) => (at === 30 ? byte ^ 1 : byte));
}

function withField({ metadata, data }: Payload, field: string, value: string): Payload {
  return asPayload({ ...metadata, [field]: Buffer.from(value) }, data);
}

function withoutField({ metadata, data }: Payload, field: string): Payload {
  const fields = Object.entries(metadata ?? {}).filter(([name]) => name !== field);
  return asPayload(Object.fromEntries(fields), data);
}

function asPayload(metadata: Record<string, Uint8Array>, data: Uint8Array | null | undefined): Payload {
  return { metadata, ...(data == null ? {} : { data }) };
}
