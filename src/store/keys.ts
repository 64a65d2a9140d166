import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../contracts/failure.ts';
import { givenKeys, type KeyRing, keyRing, type SecretKeys, type StoreKey } from './key-ring.ts';
import { fileLock } from './lock.ts';
import { privateFolder } from './private-folder.ts';
import { opened, openedWithoutId, sealed, sealedWith } from './sealed.ts';
import { createWhole, hasCode, writeWhole } from './whole-file.ts';

/** How one store is encrypted, for all that is kept in it. */
export type StoreKeys = {
  /** Where the store is, for people. */
  readonly folder: string;
  /** What the process was given. */
  readonly ring: KeyRing;
  /**
   * Runs work while no other process writes into the store. `seal` encrypts with the key that the store has now, which
   * no one changes meanwhile; its id is undefined when there is none. Not to be called within.
   */
  writing<T>(work: (seal: Seal, keyId: string | undefined) => Promise<T>): Promise<T>;
  /**
   * What is in a file of that name. Fails as Unauthorized, telling the key's id, when it was sealed with one that was
   * not given, and when it was changed.
   */
  open(name: string, content: Buffer): Buffer;
  /** 32 bytes that stay as they are when keys change: references are made with them, so that they tell nothing. */
  referenceKey(): Promise<Buffer>;
  /** The id of the key that the store has now; undefined: none. */
  present(): Promise<string | undefined>;
  /** From now on everyone seals with the first key that this process was given; it must have one. */
  adopt(): Promise<void>;
};

export type Seal = (name: string, content: Buffer) => Buffer;

export type StoreKeysOptions = SecretKeys & {
  /** Made with mode 0700 when it is not there. */
  readonly folder: string;
};

/**
 * The store’s own key is the one that its file `.key-check` is sealed with. It may be an old one: so it stays until it is
 * changed on purpose, once all who share the store know the new one. Fails as Unauthorized when it is none of those
 * that are given, and as InvalidInput when one of these is no key.
 */
export async function openStoreKeys(options: StoreKeysOptions): Promise<StoreKeys> {
  const { folder } = options;
  const ring = keyRing(options);
  const lock = fileLock(join(folder, '.lock'));
  const checkFile = join(folder, checkName);
  const referenceFile = join(folder, referenceName);
  await privateFolder(folder);
  await createWhole(checkFile, sealWith(ring.key)(checkName, Buffer.from(checkText)));
  await present();

  let reference: Buffer | undefined;
  const writing: StoreKeys['writing'] = (work) =>
    lock(async () => {
      const key = await present();
      return work(sealWith(key), key?.id);
    });
  const open: StoreKeys['open'] = (name, content) => unseal(folder, ring, name, content);
  return {
    folder,
    ring,
    writing,
    open,
    present: async () => (await present())?.id,
    async referenceKey() {
      if (reference !== undefined) return reference;
      const made = randomBytes(32);
      await writing((seal) => createWhole(referenceFile, seal(referenceName, made)));
      reference = open(referenceName, await readFile(referenceFile));
      return reference;
    },
    async adopt() {
      const { key } = ring;
      await writing(async () => {
        await resealIfThere(referenceFile, referenceName, key);
        await resealIfThere(checkFile, checkName, key);
      });
    },
  };

  async function present(): Promise<StoreKey | undefined> {
    const content = await readFile(checkFile);
    const id = sealedWith(content);
    const key = id === undefined ? keyWithoutId(folder, ring, content) : ring.all.get(id);
    if (id !== undefined && key === undefined) throw unknownKey(`The secret store ${folder}`, id, ring);
    if (id !== undefined) unseal(folder, ring, checkName, content);
    return key;
  }

  async function resealIfThere(file: string, name: string, key: StoreKey | undefined): Promise<void> {
    try {
      await writeWhole(file, sealWith(key)(name, open(name, await readFile(file))));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

const checkName = '.key-check';
const referenceName = '.reference-key';
const checkText = 'braid secret store';

function sealWith(key: StoreKey | undefined): Seal {
  return key === undefined ? (_name, content) => content : (name, content) => sealed(key, name, content);
}

/** Of a store of which no file tells a key's id: undefined when it is not encrypted. */
function keyWithoutId(folder: string, ring: KeyRing, content: Buffer): StoreKey | undefined {
  if (content.toString() !== checkText) {
    const key = [...ring.all.values()].find((each) => opens(each, checkName, content) !== undefined);
    if (key !== undefined) return key;
    throw failure(
      'Unauthorized',
      `The secret store ${folder} is encrypted with another key: ${givenKeys(ring)}. Give its own in BRAID_SECRET_KEY, or in BRAID_SECRET_OLD_KEYS when it is to be replaced.`,
    );
  }
  if (ring.plain) return undefined;
  throw failure(
    'Unauthorized',
    `The secret store ${folder} is not encrypted: it was made without a key. Give BRAID_SECRET_OLD_KEYS=none too until \`braid secret rotate\` has encrypted it.`,
  );
}

function unseal(folder: string, ring: KeyRing, name: string, content: Buffer): Buffer {
  const id = sealedWith(content);
  if (id === undefined) return unsealWithoutId(ring, name, content);
  const key = ring.all.get(id);
  if (key === undefined) throw unknownKey(`${name} in the store ${folder}`, id, ring);
  try {
    return opened(key, name, content);
  } catch (cause) {
    throw changed(name, `its key ${id}`, cause);
  }
}

/** What is in no cipher's form is as it was written, where that may be. */
function unsealWithoutId(ring: KeyRing, name: string, content: Buffer): Buffer {
  if (isProven(name)) return content;
  for (const key of ring.all.values()) {
    const text = opens(key, name, content);
    if (text !== undefined) return text;
  }
  if (ring.plain) return content;
  throw changed(name, 'any given key', undefined);
}

function opens(key: StoreKey, name: string, content: Buffer): Buffer | undefined {
  try {
    return openedWithoutId(key, name.replace(/^secret\//, ''), content);
  } catch {
    return undefined;
  }
}

/** What has a reference for its name is compared with it by whoever reads; it was not encrypted always. */
function isProven(name: string): boolean {
  return /^(value|blueprint)\//.test(name);
}

function unknownKey(what: string, id: string, ring: KeyRing): Error {
  return failure(
    'Unauthorized',
    `${what} is encrypted with the key ${id}, and ${givenKeys(ring)}. Give that key in BRAID_SECRET_KEY, or in BRAID_SECRET_OLD_KEYS when it is being replaced.`,
  );
}

function changed(name: string, key: string, cause: unknown): Error {
  return failure('Unauthorized', `${name} does not open with ${key}: its file was changed.`, { cause });
}
