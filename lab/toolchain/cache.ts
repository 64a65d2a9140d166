import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Note } from '../report.ts';
import { seconds } from '../report.ts';
import { cacheRoot, isMissing } from '../state.ts';
import { withLock } from './lock.ts';

export type Build = {
  /** With `version` the name of the folder in the cache. */
  readonly tool: string;
  /** Changes with everything that the result depends on. */
  readonly version: string;
  /** How long it takes about, for whoever waits: `5 minutes`. */
  readonly takes: string;
  /** Puts the result into the folder. */
  readonly build: (folder: string) => Promise<void>;
};

/**
 * The folder with what `build` made, in the cache. Built once: what is there is complete, since it is built beside
 * and renamed, and of several processes that want it one builds and the others wait.
 */
export async function buildOnce(wanted: Build, note: Note, root: string = cacheRoot()): Promise<string> {
  const folder = join(root, `${wanted.tool}-${wanted.version}`);
  if (await isFolder(folder)) return folder;
  const label = `${wanted.tool} ${wanted.version}`;
  await withLock(
    folder,
    async () => {
      if (await isFolder(folder)) return;
      await removeDrafts(folder);
      await timed(label, wanted, note, () => buildBeside(folder, wanted.build));
    },
    () => note(`${label}: another process builds it; waiting`),
  );
  return folder;
}

async function buildBeside(folder: string, build: Build['build']): Promise<void> {
  const draft = `${folder}.${randomUUID()}.tmp`;
  await mkdir(draft, { recursive: true });
  try {
    await build(draft);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function timed(label: string, wanted: Build, note: Note, work: () => Promise<void>): Promise<void> {
  const started = Date.now();
  const passed = () => seconds(Date.now() - started);
  note(`${label}: building it, which takes about ${wanted.takes}, once`);
  const ticking = setInterval(
    () =>
      note(`${label}: still building after ${passed()}; it takes about ${wanted.takes} on two idle cores`),
    30_000,
  );
  try {
    await work();
    note(`${label}: built in ${passed()}`);
  } finally {
    clearInterval(ticking);
  }
}

/** What a process left that died while it built. */
async function removeDrafts(folder: string): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const drafts = (await readdir(parent)).filter(
    (name) => name.startsWith(`${basename(folder)}.`) && name.endsWith('.tmp'),
  );
  await Promise.all(drafts.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
