import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { failure } from '../contracts/failure.ts';

/** Keys of 32 bytes in base64. */
export type PayloadKeys = {
  /** Encrypts. Undefined: nothing is encrypted. */
  readonly key: string | undefined;
  /** Only read what was encrypted before the key was changed. */
  readonly oldKeys: readonly string[];
};

export type EncryptionCodec = PayloadCodec & {
  /** By which people and programs tell keys apart; undefined when there is none. */
  readonly keyId: string | undefined;
};

const encoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts whole payloads, metadata and all, by AES-256-GCM; the key's id stays readable. What is not encrypted
 * is read as it is: a person types plain JSON into the Web UI. Decoding fails as ConfigurationInvalid when the
 * key is another one.
 */
export function encryptionCodec({ key, oldKeys }: PayloadKeys): EncryptionCodec {
  const keys = new Map([...oldKeys, ...(key === undefined ? [] : [key])].map((each) => [keyId(each), each]));
  return {
    keyId: key === undefined ? undefined : keyId(key),
    encode: (payloads) =>
      Promise.resolve(key === undefined ? payloads : payloads.map((payload) => sealed(payload, key))),
    decode: async (payloads) => payloads.map((payload) => opened(payload, keys)),
  };
}

/** Tells nothing of the key itself. */
export function keyId(key: string): string {
  return createHash('sha256').update('braid payload key').update(bytesOf(key)).digest('hex').slice(0, 12);
}

function sealed(payload: Payload, key: string): Payload {
  const id = Buffer.from(keyId(key));
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', bytesOf(key), nonce, { authTagLength: tagBytes });
  cipher.setAAD(id);
  const text = Buffer.concat([cipher.update(packed(payload)), cipher.final()]);
  return {
    metadata: { encoding: Buffer.from(encoding), [keyIdField]: id },
    data: Buffer.concat([nonce, cipher.getAuthTag(), text]),
  };
}

function opened(payload: Payload, keys: ReadonlyMap<string, string>): Payload {
  if (textOf(payload.metadata?.['encoding']) !== encoding) return payload;
  const id = textOf(payload.metadata?.[keyIdField]);
  const key = keys.get(id);
  if (key === undefined) throw unknownKey(id, [...keys.keys()]);
  const data = Buffer.from(payload.data ?? []);
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytesOf(key), data.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(id));
    decipher.setAuthTag(data.subarray(nonceBytes, nonceBytes + tagBytes));
    const text = decipher.update(data.subarray(nonceBytes + tagBytes));
    return unpacked(Buffer.concat([text, decipher.final()]));
  } catch {
    throw failure(
      'ConfigurationInvalid',
      `A payload says that it was encrypted with the key ${id}, and does not open with it: it was changed.`,
    );
  }
}

function unknownKey(id: string, known: readonly string[]): Error {
  const have = known.length === 0 ? 'no key is given' : `given are only ${known.join(', ')}`;
  return failure(
    'ConfigurationInvalid',
    `A payload is encrypted with the key ${id}, and ${have}. Give that key in BRAID_PAYLOAD_KEY, or in BRAID_PAYLOAD_OLD_KEYS when it was replaced.`,
  );
}

const headSchema = z.record(z.string(), z.base64());

/** The length of the metadata, the metadata as JSON, the data. */
function packed({ metadata, data }: Payload): Buffer {
  const fields = Object.entries(metadata ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, Buffer.from(data ?? [])]);
}

function unpacked(text: Buffer): Payload {
  const end = 4 + text.readUInt32BE();
  const head = headSchema.parse(JSON.parse(text.subarray(4, end).toString()));
  const fields = Object.entries(head).map(([name, value]) => [name, Buffer.from(value, 'base64')]);
  return { metadata: Object.fromEntries(fields), data: text.subarray(end) };
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'base64');
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
