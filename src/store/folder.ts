import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { failure } from '../contracts/failure.ts';
import { readReal } from './real-file.ts';

export type FolderFile = { readonly path: string; readonly content: Buffer };
export type FolderLimits = { readonly files: number; readonly bytes: number };

/**
 * Every file below the folder, sorted by path; what starts with a dot is left out.
 * Fails as BlueprintInvalid at a symbolic link or other special file, and beyond a limit.
 */
export async function readFolder(folder: string, limits: FolderLimits): Promise<readonly FolderFile[]> {
  const root = await realpath(folder);
  const paths = await pathsBelow(root, root, limits);
  await mustFit(root, paths, limits);
  const files: FolderFile[] = [];
  let bytes = 0;
  for (const path of paths) {
    const content = await readReal(join(root, path), limits.bytes - bytes + 1);
    bytes += content.length;
    if (bytes > limits.bytes) throw tooLarge(root, limits);
    files.push({ path, content });
  }
  return files;
}

async function pathsBelow(folder: string, root: string, limits: FolderLimits): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) paths.push(...(await pathsBelow(path, root, limits)));
    else if (entry.isFile()) paths.push(relative(root, path));
    else throw refused(root, `${relative(root, path)} is a symbolic link or special file; put a copy there.`);
    if (paths.length > limits.files) {
      throw refused(
        root,
        `it holds more than ${limits.files} files; put the blueprint into a folder of its own.`,
      );
    }
  }
  return paths.sort();
}

async function mustFit(folder: string, paths: readonly string[], limits: FolderLimits): Promise<void> {
  let bytes = 0;
  for (const path of paths) {
    bytes += (await stat(join(folder, path))).size;
    if (bytes > limits.bytes) throw tooLarge(folder, limits);
  }
}

function tooLarge(folder: string, { bytes }: FolderLimits) {
  return refused(folder, `it holds more than ${bytes} bytes; put the blueprint into a folder of its own.`);
}

function refused(folder: string, why: string) {
  return failure('BlueprintInvalid', `The folder ${folder} cannot be kept: ${why}`);
}
