import { isAbsolute, join, normalize, posix, sep } from 'node:path';
import { leadsOut, readReal, realFileIn } from '../../store/real-file.ts';
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

/** A folder on disk. A symbolic link is followed within it, and refused where it leads out. */
export function folderOnDisk(folder: string, overlay: Overlay = () => undefined): BlueprintFolder {
  return {
    async find(path) {
      const name = cleanName(path);
      if (name === null) return outside;
      const typed = overlay(join(folder, name));
      if (typed !== undefined) return { name, read: async () => typed };
      try {
        const found = await realFileIn(folder, name);
        if (found === 'outside') return outside;
        if (found === 'no file') return { reason: 'it is not a file.' };
        return { name, read: async () => (await readReal(found.real, mostBytes)).toString('utf8') };
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

/** The text of a file in a folder; null: it is outside, no file, or has more bytes. Rejects when there is nothing. */
export async function readUpTo(folder: string, path: string, most: number): Promise<string | null> {
  const found = await realFileIn(folder, path);
  if (typeof found === 'string' || found.size > most) return null;
  return (await readReal(found.real, most)).toString('utf8');
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

const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'];
