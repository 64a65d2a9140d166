import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildOnce } from '../../../lab/toolchain/cache.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'braid-cache-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const silent = () => undefined;
const tool = { tool: 'tool', version: '1', takes: 'a moment' };

test('built once however many want it, and found afterwards', async () => {
  let builds = 0;
  const build = async (folder: string) => {
    builds += 1;
    await writeFile(join(folder, 'tool'), 'binary');
  };
  const folders = await Promise.all(
    Array.from({ length: 5 }, () => buildOnce({ ...tool, build }, silent, root)),
  );
  expect(new Set(folders)).toEqual(new Set([join(root, 'tool-1')]));
  await buildOnce({ ...tool, build }, silent, root);
  expect(builds).toBe(1);
  expect(await readFile(join(root, 'tool-1', 'tool'), 'utf8')).toBe('binary');
});

const failing = async (folder: string) => {
  await writeFile(join(folder, 'half'), '');
  throw new Error('no compiler');
};

test('a build that fails leaves nothing, and is tried again', async () => {
  await expect(buildOnce({ ...tool, build: failing }, silent, root)).rejects.toThrow('no compiler');
  expect(await readdir(root)).toEqual([]);
  await buildOnce({ ...tool, build: (folder) => writeFile(join(folder, 'tool'), '') }, silent, root);
  expect(await readdir(root)).toEqual(['tool-1']);
});

test('what a killed build left is removed, another tool’s is not', async () => {
  await mkdir(join(root, 'tool-1.dead.tmp'));
  await mkdir(join(root, 'tool-10.alive.tmp'));
  await buildOnce({ ...tool, build: () => Promise.resolve() }, silent, root);
  expect((await readdir(root)).sort()).toEqual(['tool-1', 'tool-10.alive.tmp']);
});

test('tells how long it takes and how long it took', async () => {
  const notes: string[] = [];
  await buildOnce({ ...tool, build: () => Promise.resolve() }, (line) => notes.push(line), root);
  expect(notes[0]).toContain('about a moment');
  expect(notes[1]).toMatch(/tool 1: built in \d/);
});
