import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asidePrefix } from './whole-file.ts';

/** Longer than any write takes: what is older is nobody's. */
const hour = 3_600_000;

/**
 * Removes what processes that were killed had not put in its place yet, a secret perhaps. Returns how many. A folder
 * that cannot be read is left to whoever needs it, who tells that better.
 */
export async function removeLeftovers(folder: string, now: number = Date.now()): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const asides = entries.filter(({ name }) => name.startsWith(asidePrefix));
  let removed = 0;
  for (const path of asides.map(({ parentPath, name }) => join(parentPath, name))) {
    const changed = await stat(path).catch(() => undefined);
    if (changed === undefined || now - changed.mtimeMs < hour) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
