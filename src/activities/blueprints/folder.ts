import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, posix, relative, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { hasCode } from '../../store/whole-file.ts';

/** Where the files of a blueprint are. A path counts from the folder and may not lead out of it. */
export type BlueprintFolder = { readonly find: (path: string) => Promise<FoundFile> };
export type FoundFile =
  | {
      /** The path without detours: the same for the same file. */
      readonly name: string;
      readonly read: () => Promise<string>;
    }
  | { readonly reason: string };

/** A text that stands for a file, as an editor has it; undefined: the file counts. By absolute path. */
export type Overlay = (path: string) => string | undefined;

export const outside = { reason: 'the path leads out of the blueprint’s folder.' } as const;

/** A folder on disk. A symbolic link that leads out of it is refused. */
export function folderOnDisk(folder: string, overlay: Overlay = () => undefined): BlueprintFolder {
  return {
    async find(path) {
      const name = cleanName(path);
      if (name === null) return outside;
      const typed = overlay(join(folder, name));
      if (typed !== undefined) return { name, read: async () => typed };
      try {
        const root = await realpath(folder);
        const real = await realpath(join(root, name));
        if (leadsOut(relative(root, real))) return outside;
        const found = await stat(real);
        if (!found.isFile()) return { reason: 'it is not a file.' };
        return { name, read: () => readText(real, found.size) };
      } catch (error) {
        if (!hasCode(error, ...missing)) throw error;
        return { reason: 'there is no such file in the blueprint’s folder or the catalogue.' };
      }
    },
  };
}

/** Files in memory, by path. */
export function folderInMemory(files: ReadonlyMap<string, string>): BlueprintFolder {
  return {
    async find(path) {
      const name = cleanName(path);
      if (name === null) return outside;
      const held = files.get(name);
      if (held === undefined)
        return { reason: 'there is no such file beside the blueprint or in the catalogue.' };
      return { name, read: async () => held };
    },
  };
}

/** A file with more bytes has more characters than a blueprint may; what it begins with is enough to tell. */
export const mostBytes = 40_000_004;

function readText(path: string, size: number): Promise<string> {
  return size <= mostBytes ? readFile(path, 'utf8') : text(createReadStream(path, { end: mostBytes }));
}

/** Whether a file's name is that of a blueprint, or of a part of one. */
export function isYaml(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

/** Null: it leads out of the folder. */
export function cleanName(path: string): string | null {
  const name = normalize(path).split(sep).join(posix.sep);
  return path.includes('\0') || isAbsolute(path) || leadsOut(name) ? null : name;
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || path.startsWith('../') || isAbsolute(path);
}

const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'];
