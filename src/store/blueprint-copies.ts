import type { Hash, Hmac } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { failure } from '../contracts/failure.ts';
import type { BlueprintStore } from './blueprints.ts';
import { type FolderFile, type FolderLimits, readFolder } from './folder.ts';
import type { Seal, StoreKeys } from './keys.ts';
import { packed, unpacked } from './pack.ts';
import { privateFolder } from './private-folder.ts';
import { realFileIn } from './real-file.ts';
import {
  keyedReference,
  parseReference,
  plainReference,
  type Reference,
  textOfReference,
} from './reference.ts';
import type { Removable } from './values.ts';
import { asidePath, createWhole, hasCode, isThere } from './whole-file.ts';

export type BlueprintCopiesOptions = {
  /** Where the copies are kept. */
  readonly folder: string;
  /** Where users' blueprints are: nothing outside of it is read. */
  readonly blueprints: string;
  readonly keys: StoreKeys;
  /** Default: 2,000 files, 32 MiB. */
  readonly limits?: FolderLimits;
};

const defaultLimits: FolderLimits = { files: 2_000, bytes: 32 * 1024 * 1024 };

type Files = ReadonlyMap<string, Buffer>;

/** Blueprints named by what is in them, each a file that is encrypted as the store is. Processes may share the folder. */
export function blueprintCopies(options: BlueprintCopiesOptions): BlueprintStore & Removable {
  const { folder, blueprints, keys, limits = defaultLimits } = options;
  /** Whoever asks for one file of a blueprint mostly asks for others of it, too. */
  let latest: { readonly reference: string; readonly files: Promise<Files | undefined> } | undefined;
  return {
    async put(main, announce) {
      const path = await realMain(blueprints, main);
      const files = await readFolder(dirname(path), limits);
      const reference = await referenceOf(files);
      await announce?.(textOfReference(reference));
      if (!(await isKept(folder, reference.hash))) {
        await privateFolder(folder);
        await keys.writing((seal) => writeCopy(folder, reference.hash, files, seal));
      }
      return { reference: textOfReference(reference), main: basename(path) };
    },
    async read(reference, path) {
      const inside = insideCopy(path);
      const content = inside === undefined ? undefined : (await filesOf(reference))?.get(inside);
      if (content !== undefined) return content;
      throw failure('BlueprintNotFound', await whyNotFound(reference, path));
    },
    async exists(reference, path) {
      const inside = insideCopy(path);
      return inside !== undefined && (await filesOf(reference))?.has(inside) === true;
    },
    async list(reference) {
      const files = await filesOf(reference);
      if (files === undefined) throw failure('BlueprintNotFound', noCopy(reference));
      return [...files.keys()].sort();
    },
    async remove(reference) {
      const { hash } = parsedReference(reference);
      if (latest?.reference === reference) latest = undefined;
      await rm(fileOf(folder, hash), { force: true });
      await removeFolder(join(folder, hash));
    },
  };

  /** What was kept under a reference of the time before keeps it: it is in the records of deployments. */
  async function referenceOf(files: readonly FolderFile[]): Promise<Reference> {
    const plain = plainReference((sum) => tellAll(sum, files));
    return (await isKept(folder, plain.hash)) ? plain : keyed(files);
  }

  async function keyed(files: readonly FolderFile[]): Promise<Reference> {
    return keyedReference(await keys.referenceKey(), (sum) => tellAll(sum, files));
  }

  /** Undefined: there is no copy. */
  async function filesOf(reference: string): Promise<Files | undefined> {
    if (latest?.reference !== reference) latest = { reference, files: readCopy(reference) };
    const { files } = latest;
    try {
      const found = await files;
      if (found === undefined) forget();
      return found;
    } catch (error) {
      forget();
      throw error;
    }

    function forget(): void {
      if (latest?.files === files) latest = undefined;
    }
  }

  async function readCopy(reference: string): Promise<Files | undefined> {
    const parsed = parsedReference(reference);
    const files = await keptFiles(folder, parsed.hash, keys);
    if (files === undefined) return undefined;
    const found = parsed.kind === 'plain' ? plainReference((sum) => tellAll(sum, files)) : await keyed(files);
    if (found.hash === parsed.hash) return new Map(files.map(({ path, content }) => [path, content]));
    throw failure('Internal', `The copy ${reference} of a blueprint was changed in the store ${folder}.`, {
      retryable: false,
    });
  }

  async function whyNotFound(reference: string, path: string): Promise<string> {
    if (insideCopy(path) === undefined) return `The path ${path} leads out of the blueprint's folder.`;
    if ((await filesOf(reference)) === undefined) return noCopy(reference);
    return `There is no file ${path} in the blueprint's folder.`;
  }
}

/** Whether an entry of the folder is a copy. */
export function isCopy(name: string): boolean {
  return /^[0-9a-f]{64}(\.blueprint)?$/.test(name);
}

/** Makes a file, sealed, of a copy of the time when they were folders. Only while `StoreKeys.writing` holds. */
export async function sealFolder(folder: string, hash: string, seal: Seal): Promise<void> {
  const files = await readIfFolder(join(folder, hash));
  if (files !== undefined) await writeCopy(folder, hash, files, seal);
  await removeFolder(join(folder, hash));
}

async function writeCopy(
  folder: string,
  hash: string,
  files: readonly FolderFile[],
  seal: Seal,
): Promise<void> {
  const file = fileOf(folder, hash);
  await createWhole(file, seal(sealedName(file), packed(files)));
}

async function keptFiles(
  folder: string,
  hash: string,
  keys: StoreKeys,
): Promise<readonly FolderFile[] | undefined> {
  // The folder becomes a file while it is looked for.
  return (
    (await readIfFile(fileOf(folder, hash), keys)) ??
    (await readIfFolder(join(folder, hash))) ??
    (await readIfFile(fileOf(folder, hash), keys))
  );
}

async function readIfFile(file: string, keys: StoreKeys): Promise<readonly FolderFile[] | undefined> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return unpacked(keys.open(sealedName(file), content));
}

async function readIfFolder(path: string): Promise<readonly FolderFile[] | undefined> {
  try {
    return await readFolder(path, { files: Infinity, bytes: Infinity });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** At once for whoever reads. */
async function removeFolder(path: string): Promise<void> {
  const aside = asidePath(dirname(path));
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

async function isKept(folder: string, hash: string): Promise<boolean> {
  return (await isThere(fileOf(folder, hash))) || (await isThere(join(folder, hash)));
}

function fileOf(folder: string, hash: string): string {
  return join(folder, `${hash}.blueprint`);
}

/** What the file of a copy is sealed for. */
export function sealedName(file: string): string {
  return `blueprint/${basename(file)}`;
}

/** Where the main file is, links followed within the worker's folder. */
async function realMain(blueprints: string, main: string): Promise<string> {
  const inside = insideCopy(relative(resolve(blueprints), resolve(blueprints, main)));
  const found = inside === undefined ? 'outside' : await realFileIn(blueprints, inside).catch(unlessAbsent);
  if (found === 'outside') {
    throw failure('BlueprintNotFound', `${main} is outside of the worker's blueprint folder, ${blueprints}.`);
  }
  if (found === 'no file') {
    throw failure(
      'BlueprintNotFound',
      `There is no file ${main} in the worker's blueprint folder, ${blueprints}.`,
    );
  }
  return found.real;
}

function unlessAbsent(error: unknown): 'no file' {
  if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return 'no file';
  throw error;
}

/** Undefined: it climbs out. */
function insideCopy(path: string): string | undefined {
  const clean = normalize(path);
  const climbs = isAbsolute(clean) || clean === '..' || clean.startsWith('../') || clean.includes('\0');
  return climbs || clean === '.' ? undefined : clean;
}

function parsedReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference === undefined)
    throw failure('BlueprintNotFound', `"${text}" is no reference of a blueprint.`);
  return reference;
}

function noCopy(reference: string): string {
  return `The blueprint store has no ${reference}. All workers must share one store.`;
}

/** Every length is told, so that no two folders give the same bytes. */
function tellAll(sum: Hash | Hmac, files: readonly FolderFile[]): void {
  for (const { path, content } of files) {
    sum.update(`${Buffer.byteLength(path)} ${content.length} ${path}\n`);
    sum.update(content);
  }
}
