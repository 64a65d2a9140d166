import type { Payload, SerializationContext } from '@temporalio/common';
import { failure } from '../contracts/failure.ts';
import { anyPurpose, purposeField, typedPurpose } from '../contracts/meant.ts';
import { refusedEncoding } from '../contracts/undecodable.ts';
import { belongs, readBinding } from './binding.ts';
import type { Decrypted } from './payload-cipher.ts';

type Context = SerializationContext | undefined;

/** With a key: what is to be made of a payload that came. */
export type LettingIn = {
  /** `isOldKey`: the key of the payload encrypts no more. */
  encrypted(decrypted: Decrypted, isOldKey: boolean, context: Context): Payload;
  plain(payload: Payload, context: Context): Payload;
};

/**
 * For a worker. What is not let in becomes a payload that says so: an error of the codec would be tried again for
 * ever. `plainStarts`: workflows take arguments that are not encrypted.
 */
export function lettingIntoWorker({ plainStarts }: { readonly plainStarts: boolean }): LettingIn {
  return {
    encrypted(decrypted, isOldKey, context) {
      const verdict = judged(decrypted, isOldKey, context);
      if ('refused' in verdict) return markRefused(verdict.refused);
      const { payload, purpose } = verdict;
      return purpose === undefined ? payload : withPurpose(payload, purpose);
    },
    plain: (payload, context) =>
      plainStarts && context?.type === 'workflow'
        ? withPurpose(payload, anyPurpose)
        : markRefused(notEncrypted),
  };
}

/** For a client: fails as PayloadRefused. Where it is not told what a payload belongs to, it reads it all the same. */
export const lettingIntoClient: LettingIn = {
  encrypted(decrypted, isOldKey, context) {
    if (context === undefined) return lettingLook.encrypted(decrypted, isOldKey, context);
    const verdict = judged(decrypted, isOldKey, context);
    return 'refused' in verdict ? throwRefused(verdict.refused) : verdict.payload;
  },
  plain: (payload, context) => (context === undefined ? payload : throwRefused(notEncrypted)),
};

/** For people who look at what Temporal keeps, wherever it lies. Fails as PayloadRefused when it was changed. */
export const lettingLook: LettingIn = {
  encrypted: ({ payload }) => payload ?? throwRefused(changed),
  plain: (payload) => payload,
};

const notEncrypted = 'it is not encrypted with the payload key';
const changed = 'it says that it was encrypted with that key, and does not open with it: it was changed';

type Verdict =
  | { readonly payload: Payload; readonly purpose?: string }
  /** Why not. */
  | { readonly refused: string };

function judged({ payload, boundTo, keyId }: Decrypted, isOldKey: boolean, context: Context): Verdict {
  if (payload === undefined) return { refused: changed };
  if (boundTo === undefined) {
    if (!isOldKey) throw unboundByKey(keyId);
    // Deployments of a version that did not bind yet live on; its steps do not.
    return context?.type === 'activity'
      ? { refused: 'it is bound to no workflow' }
      : { payload, purpose: anyPurpose };
  }
  const binding = readBinding(boundTo);
  if (binding !== undefined && 'typed' in binding) {
    return context?.type === 'workflow' && context.namespace === binding.namespace
      ? { payload, purpose: typedPurpose(binding.typed) }
      : { refused: 'it was typed by an operator, which only workflows of the same namespace take' };
  }
  return binding !== undefined && belongs(binding, context)
    ? { payload }
    : { refused: `it was encrypted for ${boundTo}` };
}

function unboundByKey(keyId: string): Error {
  return failure(
    'ConfigurationInvalid',
    `A payload is encrypted with the key ${keyId} as earlier versions did, bound to no workflow. Make a new BRAID_PAYLOAD_KEY, and give this one in BRAID_PAYLOAD_OLD_KEYS.`,
  );
}

function withPurpose({ metadata, data }: Payload, purpose: string): Payload {
  return {
    metadata: { ...metadata, [purposeField]: Buffer.from(purpose) },
    ...(data == null ? {} : { data }),
  };
}

/** A payload in the place of one that is not let in. */
export function markRefused(reason: string): Payload {
  return { metadata: { encoding: Buffer.from(refusedEncoding) }, data: Buffer.from(reason) };
}

function throwRefused(reason: string): never {
  throw failure('PayloadRefused', `What Temporal handed over is not taken: ${reason}.`);
}
