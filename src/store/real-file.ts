import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** A file that a path means within a folder, links followed: `real` is within the real folder. */
export type RealFile = { readonly real: string; readonly size: number };

/**
 * Where a path in a folder leads. Nothing is opened: a pipe would be waited for, and a device could do anything.
 * Rejects when there is nothing.
 */
export async function realFileIn(folder: string, path: string): Promise<RealFile | 'outside' | 'no file'> {
  const root = await realpath(folder);
  const real = await realpath(join(root, path));
  if (leadsOut(relative(root, real))) return 'outside';
  const found = await stat(real);
  return found.isFile() ? { real, size: found.size } : 'no file';
}

/**
 * The first `most` bytes of a file whose path has no links. Rejects when it has become a link or another thing
 * since that was looked at.
 */
export async function readReal(real: string, most: number): Promise<Buffer> {
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || (await realpath(real)) !== real) throw new Error(`${real} was just exchanged.`);
    const parts: Buffer[] = [];
    let length = 0;
    while (length < most) {
      const room = Buffer.alloc(Math.min(most - length, pieceLength));
      const { bytesRead } = await file.read(room, 0, room.length);
      if (bytesRead === 0) break;
      parts.push(room.subarray(0, bytesRead));
      length += bytesRead;
    }
    return Buffer.concat(parts);
  } finally {
    await file.close();
  }
}

const pieceLength = 256 * 1024;

/** Whether a path that is relative to a folder, without detours, is not in it. */
export function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || path.startsWith('../') || isAbsolute(path);
}
