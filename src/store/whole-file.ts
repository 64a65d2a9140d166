import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../contracts/failure.ts';

/** Of the names of files and folders that are still written, beside their places. */
export const asidePrefix = '.aside-';

/** A name of its own for what is still written, or is being removed, in the folder. */
export function asidePath(folder: string): string {
  return join(folder, `${asidePrefix}${randomBytes(9).toString('hex')}`);
}

/** Replaces the file, or makes it, such that nobody ever reads half of it. Folders are made with 0700. */
export async function writeWhole(path: string, content: string | Buffer, mode = 0o600): Promise<void> {
  await withFileAside(path, content, mode, (aside) => rename(aside, path));
}

/** Makes the file unless it is there. False: it was there, also when another process was just faster. */
export async function createWhole(path: string, content: string | Buffer, mode = 0o600): Promise<boolean> {
  try {
    await withFileAside(path, content, mode, (aside) => link(aside, path));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const hopeless: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left there',
  EDQUOT: 'the quota is used up',
  EROFS: 'it is read-only there',
  EACCES: 'this user may not write there',
  EIO: 'the disk fails',
  ENOTDIR: 'a file is in its way',
  EEXIST: 'a file is in its way',
};

/** Writes into a folder of the store. Fails as StoreFailed when there is no way to do it, such as a full disk. */
export async function storing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const [reason] = Object.entries(hopeless).flatMap(([code, why]) => (hasCode(error, code) ? [why] : []));
    if (reason === undefined) throw error;
    throw failure('StoreFailed', `The store cannot write into ${folder}: ${reason}.`, { cause: error });
  }
}

/** Whether a system call failed with one of these codes, `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function withFileAside(
  path: string,
  content: string | Buffer,
  mode: number,
  place: (aside: string) => Promise<void>,
): Promise<void> {
  const aside = asidePath(dirname(path));
  try {
    await storing(dirname(path), () => writeAside(aside, content, mode));
    await place(aside);
  } finally {
    // Why it could not be written is told, not why it cannot be removed.
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

async function writeAside(aside: string, content: string | Buffer, mode: number): Promise<void> {
  const file = await openInFolder(aside, mode);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * Someone who removes the last file of a folder removes the folder too, perhaps just now, also while it is made: tried
 * again.
 */
async function openInFolder(path: string, mode: number) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return await open(path, 'wx', mode);
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === 50) throw error;
    }
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
