import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { failure } from '../contracts/failure.ts';

/** How secrets are written down. `name` is bound to the text: what was sealed for one opens for no other. */
export type SecretCipher = {
  seal(name: string, value: string): Buffer;
  /** Throws when the key is another, or the text was changed. */
  open(name: string, sealed: Buffer): string;
};

/** No key: as they are, guarded by the mode of their files alone. */
export const plainCipher: SecretCipher = {
  seal: (_name, value) => Buffer.from(value, 'utf8'),
  open: (_name, sealed) => sealed.toString('utf8'),
};

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under 32 bytes in base64; each text is nonce, tag, ciphertext. */
export function aesCipher(base64Key: string): SecretCipher {
  const key = Buffer.from(base64Key, 'base64');
  if (key.length !== 32) {
    throw failure(
      'InvalidInput',
      `The key of the secret store has ${key.length} bytes; give 32 bytes in base64 (openssl rand -base64 32).`,
    );
  }
  return {
    seal(name, value) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(name));
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]);
    },
    open(name, sealed) {
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      cipher.setAAD(Buffer.from(name));
      cipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([cipher.update(sealed.subarray(nonceBytes + tagBytes)), cipher.final()]).toString(
        'utf8',
      );
    },
  };
}
