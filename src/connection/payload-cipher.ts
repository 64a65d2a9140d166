import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { z } from 'zod';
import { failure } from '../contracts/failure.ts';

/** What was encrypted, and what is known of how. */
export type Decrypted = {
  /** Undefined: it does not open with its key, or not as bound to what it says: it was changed. */
  readonly payload: Payload | undefined;
  /** To what it is bound, as it was given; undefined: encrypted before payloads were bound. */
  readonly boundTo: string | undefined;
  readonly keyId: string;
};

const encoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
const boundToField = 'bound-to';
const nonceBytes = 12;
const tagBytes = 16;

/** Tells nothing of the key itself. */
export function keyId(key: string): string {
  return createHash('sha256').update('braid payload key').update(bytesOf(key)).digest('hex').slice(0, 12);
}

export function isEncrypted({ metadata }: Payload): boolean {
  return textOf(metadata?.['encoding']) === encoding;
}

/**
 * Encrypts a whole payload, metadata and all, by AES-256-GCM. The key's id and `boundTo` stay readable, and nothing
 * opens it under others.
 */
export function encrypt(payload: Payload, key: string, boundTo: string): Payload {
  const id = keyId(key);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', bytesOf(key), nonce, { authTagLength: tagBytes });
  cipher.setAAD(shown(id, boundTo));
  const text = Buffer.concat([cipher.update(packed(payload)), cipher.final()]);
  return {
    metadata: {
      encoding: Buffer.from(encoding),
      [keyIdField]: Buffer.from(id),
      [boundToField]: Buffer.from(boundTo),
    },
    data: Buffer.concat([nonce, cipher.getAuthTag(), text]),
  };
}

/** `keys` by their ids. Fails as ConfigurationInvalid when the key is not among them. */
export function decrypt({ metadata, data }: Payload, keys: ReadonlyMap<string, string>): Decrypted {
  const id = textOf(metadata?.[keyIdField]);
  const key = keys.get(id);
  if (key === undefined) throw unknownKey(id, [...keys.keys()]);
  const bound = metadata?.[boundToField];
  const boundTo = bound == null ? undefined : textOf(bound);
  return { payload: decrypted(Buffer.from(data ?? []), key, shown(id, boundTo)), boundTo, keyId: id };
}

function decrypted(data: Buffer, key: string, readable: Buffer): Payload | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytesOf(key), data.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(readable);
    decipher.setAuthTag(data.subarray(nonceBytes, nonceBytes + tagBytes));
    const text = decipher.update(data.subarray(nonceBytes + tagBytes));
    return unpacked(Buffer.concat([text, decipher.final()]));
  } catch {
    return undefined;
  }
}

/** What is authenticated though it is readable. */
function shown(id: string, boundTo: string | undefined): Buffer {
  return Buffer.from(boundTo === undefined ? id : `${id}\n${boundTo}`);
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
