import type { PayloadCodec, SerializationContext } from '@temporalio/common';
import { type Binding, bindingText } from './binding.ts';
import type { LettingIn } from './letting-in.ts';
import { isEncrypted, keyId, decrypt, encrypt } from './payload-cipher.ts';

/** Keys of 32 bytes in base64. */
export type PayloadKeys = {
  /** Encrypts. Undefined: nothing is encrypted, and everything taken. */
  readonly key: string | undefined;
  /** Only read what was encrypted before the key was changed. */
  readonly oldKeys: readonly string[];
};

export type EncryptionCodec = PayloadCodec & {
  /** By which people and programs tell keys apart; undefined when there is none. */
  readonly keyId: string | undefined;
};

export type EncryptionOptions = {
  readonly keys: PayloadKeys;
  /** Where what is encrypted belongs. */
  readonly bind: (context: SerializationContext | undefined) => Binding;
  readonly lettingIn: LettingIn;
};

/** Encrypts each payload for where it belongs. Decoding fails as ConfigurationInvalid when the key is another one. */
export function encryptionCodec({ keys, bind, lettingIn }: EncryptionOptions): EncryptionCodec {
  const { key, oldKeys } = keys;
  const known = new Map([...oldKeys, ...(key === undefined ? [] : [key])].map((each) => [keyId(each), each]));
  const ownId = key === undefined ? undefined : keyId(key);
  return {
    keyId: ownId,
    encode: async (payloads, context) =>
      key === undefined ? payloads : payloads.map((each) => encrypt(each, key, bindingText(bind(context)))),
    decode: async (payloads, context) =>
      payloads.map((payload) => {
        if (isEncrypted(payload)) {
          const decrypted = decrypt(payload, known);
          return lettingIn.encrypted(decrypted, decrypted.keyId !== ownId, context);
        }
        return key === undefined ? payload : lettingIn.plain(payload, context);
      }),
  };
}
