import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';
import { isCopy, sealedName as nameOfCopy, sealFolder } from './blueprint-copies.ts';
import type { StoreKeys } from './keys.ts';
import type { StoreKey } from './key-ring.ts';
import { removeLeftovers } from './leftovers.ts';
import { privateFolder } from './private-folder.ts';
import { sealedWith } from './sealed.ts';
import { fileOf as fileOfSecret, sealedName as nameOfSecret, secretNames } from './secret-files.ts';
import type { StoreFolders } from './store.ts';
import { isValueFile, sealedName as nameOfValue } from './values.ts';
import { hasCode, writeWhole } from './whole-file.ts';

/** What a change of the key did. */
export type Rotation = {
  /** The id of the key that all is encrypted with now. */
  readonly key: string;
  readonly secrets: Resealed;
  readonly plans: Resealed;
  readonly blueprints: Resealed;
};

/** How many files were encrypted anew, and how many were before this. */
export type Resealed = { readonly anew: number; readonly before: number };

type Entry = {
  readonly kind: 'secrets' | 'plans' | 'blueprints';
  /** For people. */
  readonly name: string;
  /** Whether it was sealed anew; undefined: it is gone. */
  readonly reseal: () => Promise<boolean | undefined>;
};

/**
 * Encrypts all of the store with the first key that this process was given. Workers that know that key go on meanwhile;
 * it may be stopped, or killed, and run again. Fails as ConfigurationInvalid without a key or when another process
 * changes to another key, and as Unauthorized, after all the others are done, when files do not open.
 */
export async function rotateKey(folders: StoreFolders, keys: StoreKeys): Promise<Rotation> {
  const { key } = keys.ring;
  if (key === undefined) {
    throw failure('ConfigurationInvalid', 'Give the key that the store is to have in BRAID_SECRET_KEY.');
  }
  // From here on nobody writes with another key, so that whatever is listed now is all that there is to do.
  await keys.adopt();
  const counts = { secrets: none, plans: none, blueprints: none };
  const failed: string[] = [];
  for (const { kind, name, reseal } of await entries(folders, keys, key)) {
    try {
      const anew = await reseal();
      if (anew !== undefined) counts[kind] = plus(counts[kind], anew);
    } catch (error) {
      if (isOverruled(error)) throw error;
      failed.push(`${name}: ${reasonOf(error)}`);
    }
  }
  await removeLeftovers(folders.state);
  if (failed.length === 0) return { key: key.id, ...counts };
  throw failure(
    'Unauthorized',
    `Not all is encrypted with the key ${key.id}. Keep the old keys and run this again with those that are missing.\n${failed.join('\n')}`,
  );
}

const none: Resealed = { anew: 0, before: 0 };

function plus({ anew, before }: Resealed, isNew: boolean): Resealed {
  return isNew ? { anew: anew + 1, before } : { anew, before: before + 1 };
}

async function entries(folders: StoreFolders, keys: StoreKeys, key: StoreKey): Promise<readonly Entry[]> {
  const { secrets, values, blueprints } = folders;
  for (const folder of [secrets, values, blueprints]) await privateFolder(folder);
  const copies = (await readdir(blueprints)).filter(isCopy);
  return [
    ...(await secretNames(secrets)).map((name): Entry => {
      const file = fileOfSecret(secrets, name);
      return { kind: 'secrets', name, reseal: () => resealFile(keys, key, file, nameOfSecret(name)) };
    }),
    ...(await readdir(values)).filter(isValueFile).map((name): Entry => {
      const file = join(values, name);
      return { kind: 'plans', name, reseal: () => resealFile(keys, key, file, nameOfValue(file)) };
    }),
    ...copies.map((name): Entry => {
      const file = join(blueprints, name);
      const reseal = name.endsWith('.blueprint')
        ? () => resealFile(keys, key, file, nameOfCopy(file))
        : () => resealFolder(keys, key, blueprints, name);
      return { kind: 'blueprints', name, reseal };
    }),
  ];
}

/** Nobody writes it meanwhile. */
function resealFile(
  keys: StoreKeys,
  key: StoreKey,
  file: string,
  name: string,
): Promise<boolean | undefined> {
  return keys.writing(async (seal, keyId) => {
    mustStay(key, keyId);
    try {
      const content = await readFile(file);
      if (sealedWith(content) === key.id) {
        keys.open(name, content);
        return false;
      }
      await writeWhole(file, seal(name, keys.open(name, content)));
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  });
}

function resealFolder(keys: StoreKeys, key: StoreKey, folder: string, hash: string): Promise<boolean> {
  return keys.writing(async (seal, keyId) => {
    mustStay(key, keyId);
    await sealFolder(folder, hash, seal);
    return true;
  });
}

function mustStay({ id }: StoreKey, present: string | undefined): void {
  if (present === id) return;
  throw failure(
    'ConfigurationInvalid',
    `Meanwhile the key of the store was changed to ${present ?? 'none'} by another. Agree on one, then run this again.`,
  );
}

function isOverruled(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'ConfigurationInvalid';
}
