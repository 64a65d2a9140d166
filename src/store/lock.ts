import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { asidePath, hasCode, storing } from './whole-file.ts';

/** Runs work while no other process of any host that shares the folder does, one after the other. */
export type Lock = <T>(work: () => Promise<T>) => Promise<T>;

const beatMilliseconds = 500;

/**
 * A lock that is a file. Its holder changes it all the time: one that whoever waits has not seen change for so many
 * milliseconds (default 5,000) is that of a process that was killed, and is taken over.
 */
export function fileLock(path: string, patience = 5_000): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(() => locked(path, patience, work));
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function locked<T>(path: string, patience: number, work: () => Promise<T>): Promise<T> {
  const release = await acquire(path, patience);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string, patience: number): Promise<() => Promise<void>> {
  let seen: { readonly text: string; readonly since: number } | undefined;
  for (;;) {
    const file = await created(path);
    if (file !== undefined) return held(path, file);
    const text = await textOf(path);
    if (text !== seen?.text) seen = { text, since: performance.now() };
    else if (performance.now() - seen.since > patience) await takeAway(path, text);
    // Not in step with others who wait.
    await delay(1 + Math.random() * 9);
  }
}

/** Undefined: another has it. */
async function created(path: string): Promise<FileHandle | undefined> {
  return storing(dirname(path), async () => {
    try {
      return await open(path, 'wx', 0o600);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return undefined;
      throw error;
    }
  });
}

async function held(path: string, file: FileHandle): Promise<() => Promise<void>> {
  const mine = randomBytes(9).toString('hex');
  let beats = 0;
  const beat = async (): Promise<void> => {
    beats += 1;
    // By the open file: where it was taken away there may be another's.
    await file.write(`${mine} ${String(beats).padStart(9, '0')}`, 0);
  };
  try {
    await storing(dirname(path), beat);
  } catch (error) {
    await rm(path, { force: true });
    await file.close();
    throw error;
  }
  const pulse = setInterval(() => void beat().catch(() => undefined), beatMilliseconds);
  return async () => {
    clearInterval(pulse);
    if ((await textOf(path)).startsWith(mine)) await rm(path, { force: true });
    await file.close();
  };
}

/** Only that one: where another had it meanwhile, it is put back. */
async function takeAway(path: string, text: string): Promise<void> {
  const aside = asidePath(dirname(path));
  if ((await textOf(path)) !== text) return;
  try {
    await rename(path, aside);
    if ((await textOf(aside)) === text) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
