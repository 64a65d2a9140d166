import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../contracts/failure.ts';
import type { Json } from '../contracts/json.ts';
import { createWhole, hasCode } from './whole-file.ts';

/** JSON that is too large to travel, such as plans, kept by content; only its reference travels. */
export type ValueStore = {
  /** Its reference, `sha256:…`. The same value, keys in the same order, has the same one. */
  put(value: Json): Promise<string>;
  /** Fails as Internal, final, when there is none, or when its file was changed. */
  get(reference: string): Promise<Json>;
  exists(reference: string): Promise<boolean>;
};

/** One file a value. Processes may share the folder. */
export function valueFiles(folder: string): ValueStore {
  return {
    async put(value) {
      const text = JSON.stringify(value);
      const hash = hashOf(text);
      await createWhole(join(folder, `${hash}.json`), text);
      return `sha256:${hash}`;
    },
    async get(reference) {
      const text = await read(folder, reference);
      if (`sha256:${hashOf(text)}` !== reference) {
        throw lost(`The value ${reference} was changed in the store ${folder}.`);
      }
      const value: Json = JSON.parse(text);
      return value;
    },
    async exists(reference) {
      try {
        await access(fileOf(folder, reference));
        return true;
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return false;
        throw error;
      }
    },
  };
}

async function read(folder: string, reference: string): Promise<string> {
  try {
    return await readFile(fileOf(folder, reference), 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw lost(`The store ${folder} has no value ${reference}. All workers must share one store.`);
  }
}

function fileOf(folder: string, reference: string): string {
  const hash = /^sha256:([0-9a-f]{64})$/.exec(reference)?.[1];
  if (hash === undefined) throw lost(`"${reference}" is no reference of a value.`);
  return join(folder, `${hash}.json`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function lost(message: string) {
  return failure('Internal', message, { retryable: false });
}
