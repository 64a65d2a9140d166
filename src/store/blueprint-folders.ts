import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { failure } from '../contracts/failure.ts';
import type { BlueprintStore } from './blueprints.ts';
import { readFolder, type FolderFile, type FolderLimits } from './folder.ts';
import { asidePrefix, hasCode, storing } from './whole-file.ts';

export type BlueprintFoldersOptions = {
  /** Where the copies are kept. */
  readonly folder: string;
  /** Where users' blueprints are: nothing outside of it is read. */
  readonly blueprints: string;
  /** Default: 2,000 files, 32 MiB. */
  readonly limits?: FolderLimits;
};

const defaultLimits: FolderLimits = { files: 2_000, bytes: 32 * 1024 * 1024 };

/** Blueprints as folders named by the hash of what is in them. Processes may share the folder. */
export function blueprintFolders(options: BlueprintFoldersOptions): BlueprintStore {
  const limits = options.limits ?? defaultLimits;
  return {
    async put(main) {
      const path = insideBlueprints(options.blueprints, main);
      await mustBeFile(path, main, options.blueprints);
      const files = await readFolder(dirname(path), limits);
      const hash = hashOf(files);
      await keep(join(options.folder, hash), files);
      return { reference: `sha256:${hash}`, main: basename(path) };
    },
    async read(reference, path) {
      const inside = insideCopy(path);
      try {
        if (inside !== undefined) return await readFile(join(copyOf(options.folder, reference), inside));
      } catch (error) {
        if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
      }
      throw failure('BlueprintNotFound', await whyNotFound(options.folder, reference, path));
    },
    async exists(reference, path) {
      const inside = insideCopy(path);
      return inside !== undefined && isFile(join(copyOf(options.folder, reference), inside));
    },
    folder: (reference) => copyOf(options.folder, reference),
    async list(reference) {
      const copy = copyOf(options.folder, reference);
      if (!(await isFolder(copy))) throw failure('BlueprintNotFound', noCopy(reference));
      const entries = await readdir(copy, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(copy, join(entry.parentPath, entry.name)))
        .sort();
    },
  };
}

function insideBlueprints(blueprints: string, main: string): string {
  const path = resolve(blueprints, main);
  if (insideCopy(relative(resolve(blueprints), path)) !== undefined) return path;
  throw failure('BlueprintNotFound', `${main} is outside of the worker's blueprint folder, ${blueprints}.`);
}

async function mustBeFile(path: string, main: string, blueprints: string): Promise<void> {
  if (await isFile(path)) return;
  throw failure(
    'BlueprintNotFound',
    `There is no file ${main} in the worker's blueprint folder, ${blueprints}.`,
  );
}

/** Undefined: it climbs out. */
function insideCopy(path: string): string | undefined {
  const clean = normalize(path);
  const climbs = isAbsolute(clean) || clean === '..' || clean.startsWith('../') || clean.includes('\0');
  return climbs || clean === '.' ? undefined : clean;
}

function copyOf(folder: string, reference: string): string {
  const hash = /^sha256:([0-9a-f]{64})$/.exec(reference)?.[1];
  if (hash === undefined)
    throw failure('BlueprintNotFound', `"${reference}" is no reference of a blueprint.`);
  return join(folder, hash);
}

async function whyNotFound(folder: string, reference: string, path: string): Promise<string> {
  if (insideCopy(path) === undefined) return `The path ${path} leads out of the blueprint's folder.`;
  if (!(await isFolder(copyOf(folder, reference)))) return noCopy(reference);
  return `There is no file ${path} in the blueprint's folder.`;
}

function noCopy(reference: string): string {
  return `The blueprint store has no ${reference}. All workers must share one store.`;
}

/** Every length is told, so that no two folders give the same bytes. */
function hashOf(files: readonly FolderFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) {
    hash.update(`${Buffer.byteLength(path)} ${content.length} ${path}\n`);
    hash.update(content);
  }
  return hash.digest('hex');
}

async function keep(copy: string, files: readonly FolderFile[]): Promise<void> {
  if (await isFolder(copy)) return;
  const aside = join(dirname(copy), `${asidePrefix}${randomBytes(9).toString('hex')}`);
  try {
    await storing(dirname(copy), async () => {
      for (const file of files) await writeBelow(aside, file);
    });
    await rename(aside, copy);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function writeBelow(folder: string, file: FolderFile): Promise<void> {
  const path = join(folder, file.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file.content);
}

async function isFile(path: string): Promise<boolean> {
  return (await statIfThere(path))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await statIfThere(path))?.isDirectory() ?? false;
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
