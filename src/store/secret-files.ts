import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../contracts/failure.ts';
import { openStoreKeys, type StoreKeys, type StoreKeysOptions } from './keys.ts';
import type { SecretStore } from './secrets.ts';
import { createWhole, hasCode, writeWhole } from './whole-file.ts';

/** The secret store alone, where nothing else of the store is needed; fails as `openStoreKeys` does. */
export async function openSecretFiles(options: StoreKeysOptions): Promise<SecretStore> {
  return secretFiles(options.folder, await openStoreKeys(options));
}

/** Secrets as files of mode 0600, one each, at the path that the name tells. Processes may share the folder. */
export function secretFiles(folder: string, keys: StoreKeys): SecretStore {
  const find = async (name: string): Promise<string | undefined> => {
    const content = await readIfThere(fileOf(folder, name));
    return content === undefined ? undefined : keys.open(sealedName(name), content).toString('utf8');
  };
  const get = async (name: string): Promise<string> => {
    const value = await find(name);
    if (value === undefined)
      throw failure('SecretNotFound', `There is no secret "${name}" in the secret store.`);
    return value;
  };
  return {
    get,
    async put(name, value) {
      const file = fileOf(folder, name);
      await keys.writing((seal) => writeWhole(file, seal(sealedName(name), Buffer.from(value))));
    },
    async ensure(name, make) {
      const present = await find(name);
      if (present !== undefined) return present;
      const made = await make();
      const isMine = await keys.writing((seal) =>
        createWhole(fileOf(folder, name), seal(sealedName(name), Buffer.from(made))),
      );
      return isMine ? made : get(name);
    },
    async remove(name) {
      const file = fileOf(folder, name);
      await keys.writing(async () => {
        await rm(file, { force: true });
        await removeEmptyFolders(dirname(file), folder);
      });
    },
    async list(prefix) {
      const names = await secretNames(folder);
      return names.filter((name) => name.startsWith(prefix)).sort();
    },
  };
}

const suffix = '.secret';
const segment = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** What the file of a secret is sealed for. */
export function sealedName(secret: string): string {
  return `secret/${secret}`;
}

/** The suffix lets `a` and `a/b` live side by side, so no part of a name may end with it. */
export function fileOf(folder: string, name: string): string {
  const parts = name.split('/');
  const valid = name.length <= 512 && parts.every((part) => segment.test(part) && !part.endsWith(suffix));
  if (!valid) {
    throw failure(
      'InvalidInput',
      `"${name.slice(0, 80)}" is no name of a secret. Use words of letters, digits, ".", "_" and "-" between slashes.`,
    );
  }
  return join(folder, ...parts) + suffix;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function removeEmptyFolders(from: string, root: string): Promise<void> {
  for (let folder = from; folder !== root; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) continue;
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return;
      throw error;
    }
  }
}

export async function secretNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1, -suffix.length));
}
