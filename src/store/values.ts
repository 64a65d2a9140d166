import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failure } from '../contracts/failure.ts';
import type { Json } from '../contracts/json.ts';
import type { StoreKeys } from './keys.ts';
import { privateFolder } from './private-folder.ts';
import {
  keyedReference,
  parseReference,
  plainReference,
  type Reference,
  textOfReference,
} from './reference.ts';
import { createWhole, hasCode, isThere } from './whole-file.ts';

/** JSON that is too large to travel, such as plans, kept by content; only its reference travels. */
export type ValueStore = {
  /**
   * Its reference, `hmac-sha256:…`. The same value, keys in the same order, has the same one. `announce` is told it, and
   * awaited, before anything is written: whoever removes what nobody uses must know by then.
   */
  put(value: Json, announce?: Announce): Promise<string>;
  /** Fails as Internal, final, when there is none, or when its file was changed. */
  get(reference: string): Promise<Json>;
  exists(reference: string): Promise<boolean>;
};

/** What can be removed of the store. Absence is success. Only while `StoreKeys.writing` holds. */
export type Removable = { remove(reference: string): Promise<void> };

export type Announce = (reference: string) => Promise<void>;

/** One file a value, encrypted as the store is. Processes may share the folder. */
export function valueFiles(folder: string, keys: StoreKeys): ValueStore & Removable {
  return {
    async put(value, announce) {
      const content = Buffer.from(JSON.stringify(value));
      const reference = await referenceOf(content);
      await announce?.(textOfReference(reference));
      const file = fileOf(folder, reference);
      if (!(await isThere(file))) {
        await privateFolder(folder);
        await keys.writing((seal) => createWhole(file, seal(sealedName(file), content)));
      }
      return textOfReference(reference);
    },
    async get(reference) {
      const parsed = parsedReference(reference);
      const content = await read(reference, fileOf(folder, parsed));
      if ((await sumLike(parsed, content)).hash !== parsed.hash) {
        throw lost(`The value ${reference} was changed in the store ${folder}.`);
      }
      const value: Json = JSON.parse(content.toString('utf8'));
      return value;
    },
    exists: (reference) => isThere(fileOf(folder, parsedReference(reference))),
    remove: (reference) => rm(fileOf(folder, parsedReference(reference)), { force: true }),
  };

  /** What was kept under a reference of the time before keeps it: it is in the records of deployments. */
  async function referenceOf(content: Buffer): Promise<Reference> {
    const plain = plainReference((sum) => sum.update(content));
    return (await isThere(fileOf(folder, plain)))
      ? plain
      : keyedReference(await keys.referenceKey(), (sum) => sum.update(content));
  }

  async function sumLike({ kind }: Reference, content: Buffer): Promise<Reference> {
    return kind === 'plain'
      ? plainReference((sum) => sum.update(content))
      : keyedReference(await keys.referenceKey(), (sum) => sum.update(content));
  }

  async function read(reference: string, file: string): Promise<Buffer> {
    let content: Buffer;
    try {
      content = await readFile(file);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      throw lost(`The store ${folder} has no value ${reference}. All workers must share one store.`);
    }
    return keys.open(sealedName(file), content);
  }
}

/** What the file of a value is sealed for. */
export function sealedName(file: string): string {
  return `value/${basename(file)}`;
}

/** Whether a file of the folder is that of a value. */
export function isValueFile(name: string): boolean {
  return /^[0-9a-f]{64}\.(json|value)$/.test(name);
}

/** `.json`: of the time when they were not encrypted; they are now. */
function fileOf(folder: string, { kind, hash }: Reference): string {
  return join(folder, `${hash}.${kind === 'plain' ? 'json' : 'value'}`);
}

function parsedReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference === undefined) throw lost(`"${text}" is no reference of a value.`);
  return reference;
}

function lost(message: string) {
  return failure('Internal', message, { retryable: false });
}
