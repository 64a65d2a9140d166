import { createHash } from 'node:crypto';
import { failure } from '../contracts/failure.ts';

/** Keys of 32 bytes in base64. */
export type SecretKeys = {
  /** What the store is to be encrypted with. Undefined: with none, guarded by the files' modes alone. */
  readonly key?: string | undefined;
  /** With which it was before; `none`: it was not encrypted. */
  readonly oldKeys?: readonly string[];
};

export type StoreKey = {
  /** By which people and files tell keys apart; it tells nothing of the key itself. */
  readonly id: string;
  readonly bytes: Buffer;
};

/** The keys that a process was given. */
export type KeyRing = {
  readonly key: StoreKey | undefined;
  /** All of them, by id. */
  readonly all: ReadonlyMap<string, StoreKey>;
  /** Whether a store may be one that is not encrypted. */
  readonly plain: boolean;
};

/** Stands among the old keys for no key. */
const noKey = 'none';

/** Fails as InvalidInput when one of them is no key. */
export function keyRing({ key, oldKeys = [] }: SecretKeys): KeyRing {
  const old = oldKeys.filter((each) => each !== noKey).map(storeKey);
  const own = key === undefined ? undefined : storeKey(key);
  return {
    key: own,
    all: new Map([...old, ...(own === undefined ? [] : [own])].map((each) => [each.id, each])),
    plain: own === undefined || oldKeys.includes(noKey),
  };
}

/** `given are only 0a1b2c3d4e5f, 5f4e3d2c1b0a`, for people. */
export function givenKeys({ all }: KeyRing): string {
  const ids = [...all.keys()];
  if (ids.length === 0) return 'no key is given';
  return ids.length === 1 ? `given is only ${ids.join()}` : `given are only ${ids.join(', ')}`;
}

function storeKey(base64: string): StoreKey {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32) {
    throw failure(
      'InvalidInput',
      `A key of the store has ${bytes.length} bytes; give 32 bytes in base64 (openssl rand -base64 32).`,
    );
  }
  const id = createHash('sha256').update('braid secret key').update(bytes).digest('hex').slice(0, 12);
  return { id, bytes };
}
