import { chmod, mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../contracts/failure.ts';
import { aesCipher, plainCipher, type SecretCipher } from './secret-encryption.ts';
import type { SecretStore } from './secrets.ts';
import { createWhole, hasCode, writeWhole } from './whole-file.ts';

export type SecretFilesOptions = {
  /** Made with mode 0700 when it is not there. */
  readonly folder: string;
  /** 32 bytes in base64. Undefined: not encrypted, guarded by the files' modes alone. */
  readonly key?: string | undefined;
};

/**
 * Secrets as files of mode 0600, one each, at the path that the name tells. Processes may share the folder.
 * Fails as Unauthorized when the folder was made with another key, and as InvalidInput when the key is none.
 */
export async function openSecretFiles(options: SecretFilesOptions): Promise<SecretStore> {
  const { folder } = options;
  const cipher = options.key === undefined ? plainCipher : aesCipher(options.key);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await checkKey(folder, cipher, options.key !== undefined);

  const find = async (name: string): Promise<string | undefined> => {
    const sealed = await readIfThere(fileOf(folder, name));
    return sealed === undefined ? undefined : unseal(cipher, name, sealed);
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
      await writeWhole(fileOf(folder, name), cipher.seal(name, value));
    },
    async ensure(name, make) {
      const present = await find(name);
      if (present !== undefined) return present;
      const made = await make();
      return (await createWhole(fileOf(folder, name), cipher.seal(name, made))) ? made : get(name);
    },
    async remove(name) {
      const file = fileOf(folder, name);
      await rm(file, { force: true });
      await removeEmptyFolders(dirname(file), folder);
    },
    async list(prefix) {
      const names = await namesBelow(folder);
      return names.filter((name) => name.startsWith(prefix)).sort();
    },
  };
}

const suffix = '.secret';
const segment = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** The suffix lets `a` and `a/b` live side by side, so no part of a name may end with it. */
function fileOf(folder: string, name: string): string {
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

const keyCheckFile = '.key-check';
const keyCheckText = 'braid secret store';

/** Written at the first start: told apart at once, instead of at the first secret that does not open. */
async function checkKey(folder: string, cipher: SecretCipher, encrypted: boolean): Promise<void> {
  const file = join(folder, keyCheckFile);
  await createWhole(file, cipher.seal(keyCheckFile, keyCheckText));
  let opened: string | undefined;
  try {
    opened = cipher.open(keyCheckFile, await readFile(file));
  } catch {
    opened = undefined;
  }
  if (opened === keyCheckText) return;
  throw failure(
    'Unauthorized',
    encrypted
      ? `The secret store ${folder} was made with another key, or without one. Give the key it was made with.`
      : `The secret store ${folder} is encrypted. Give the key it was made with.`,
  );
}

function unseal(cipher: SecretCipher, name: string, sealed: Buffer): string {
  try {
    return cipher.open(name, sealed);
  } catch (cause) {
    throw failure('Unauthorized', `The secret "${name}" does not open with this key: its file was changed.`, {
      cause,
    });
  }
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

async function namesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1, -suffix.length));
}
