import { constants } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Runs `work` with an empty folder below `parent`, and removes it again. */
export async function withStage<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'stage-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function stageFolder(source: string, folder: string): Promise<void> {
  return cp(source, folder, { recursive: true });
}

/** Puts a file at a path of the stage, and links of those names beside it. */
export async function stageFile(
  source: string,
  target: string,
  links: readonly string[] = [],
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // The same bytes on the disk where the file system can.
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  for (const link of links)
    await symlink(target.slice(dirname(target).length + 1), join(dirname(target), link));
}
