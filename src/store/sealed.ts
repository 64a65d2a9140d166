import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { StoreKey } from './key-ring.ts';

/**
 * How a file of the store is encrypted: by AES-256-GCM, as mark, id of the key, nonce, tag, ciphertext. Bound to it are
 * the id and the file's name, so that what was sealed for one opens for no other.
 */

const mark = Buffer.from('\0braid-sealed\0');
const idLength = 12;
const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

export function sealed({ id, bytes }: StoreKey, name: string, content: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, bytes, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(`${id}\0${name}`));
  const text = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([mark, Buffer.from(id), nonce, cipher.getAuthTag(), text]);
}

/** The id of the key that the file was sealed with; undefined: it is not sealed so. */
export function sealedWith(content: Buffer): string | undefined {
  if (!content.subarray(0, mark.length).equals(mark)) return undefined;
  return content.subarray(mark.length, mark.length + idLength).toString('latin1');
}

/** Throws when the key is another, or the file was changed. */
export function opened(key: StoreKey, name: string, content: Buffer): Buffer {
  return decrypted(key, Buffer.from(`${key.id}\0${name}`), content.subarray(mark.length + idLength));
}

/** The same for a secret of the time before keys had ids: nonce, tag, ciphertext, bound to its name. */
export function openedWithoutId(key: StoreKey, name: string, content: Buffer): Buffer {
  return decrypted(key, Buffer.from(name), content);
}

function decrypted({ bytes }: StoreKey, bound: Buffer, content: Buffer): Buffer {
  const decipher = createDecipheriv(algorithm, bytes, content.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(content.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(content.subarray(nonceBytes + tagBytes)), decipher.final()]);
}
