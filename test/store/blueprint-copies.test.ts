import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { blueprintCopies } from '../../src/store/blueprint-copies.ts';
import type { BlueprintStore } from '../../src/store/blueprints.ts';
import type { FolderLimits } from '../../src/store/folder.ts';
import { openStoreKeys } from '../../src/store/keys.ts';
import { makeFifo } from '../support/fifo.ts';

let root: string;
let blueprints: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'braid-blueprints-'));
  blueprints = join(root, 'blueprints');
  folder = join(root, 'store');
  await mkdir(join(blueprints, 'web', 'scripts'), { recursive: true });
  await writeFile(join(blueprints, 'web', 'blueprint.yaml'), 'one');
  await writeFile(join(blueprints, 'web', 'scripts', 'start.sh'), '#!/bin/sh\n');
  await writeFile(join(root, 'outside.txt'), 'outside');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('keeps a blueprint as it was', async () => {
  const store = await openCopies();
  const first = await store.put('web/blueprint.yaml');
  await writeFile(join(blueprints, 'web', 'blueprint.yaml'), 'two');
  const second = await store.put('web/blueprint.yaml');
  expect(first.main).toBe('blueprint.yaml');
  expect(first.reference).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
  expect(second.reference).not.toBe(first.reference);
  expect((await store.read(first.reference, first.main)).toString()).toBe('one');
  expect((await store.read(second.reference, './scripts/../blueprint.yaml')).toString()).toBe('two');
  expect(await store.list(first.reference)).toEqual(['blueprint.yaml', 'scripts/start.sh']);
});

test('the same content has the same reference, also when many keep it at once', async () => {
  const stores = await Promise.all(Array.from({ length: 8 }, () => openCopies()));
  const kept = await Promise.all(stores.map((store) => store.put(join(blueprints, 'web/blueprint.yaml'))));
  expect(new Set(kept.map(({ reference }) => reference)).size).toBe(1);
  expect(await readdir(folder)).toHaveLength(1);
});

test('the place of a byte counts: in a name or in a file', async () => {
  const store = await openCopies();
  await mkdir(join(blueprints, 'x'));
  await writeFile(join(blueprints, 'x', 'ab'), 'c');
  await mkdir(join(blueprints, 'y'));
  await writeFile(join(blueprints, 'y', 'a'), 'bc');
  expect((await store.put('x/ab')).reference).not.toBe((await store.put('y/a')).reference);
});

test('tells what is missing', async () => {
  const store = await openCopies();
  const { reference } = await store.put('web/blueprint.yaml');
  const other = `sha256:${'0'.repeat(64)}`;
  const notFound = { type: 'BlueprintNotFound' };
  await expect(store.put('web/none.yaml')).rejects.toMatchObject(notFound);
  await expect(store.put('web')).rejects.toMatchObject(notFound);
  await expect(store.read(reference, 'none')).rejects.toMatchObject(notFound);
  await expect(store.read(reference, 'scripts')).rejects.toMatchObject(notFound);
  await expect(store.read(other, 'blueprint.yaml')).rejects.toThrow(/store has no sha256:000/);
  await expect(store.read('../../etc', 'passwd')).rejects.toMatchObject(notFound);
  await expect(store.list(other)).rejects.toMatchObject(notFound);
  expect(await store.exists(reference, 'scripts/start.sh')).toBe(true);
  expect(await store.exists(reference, 'scripts')).toBe(false);
  expect(await store.exists(reference, 'none')).toBe(false);
});

test('nothing climbs out', async () => {
  const store = await openCopies();
  await expect(store.put('../outside.txt')).rejects.toMatchObject({ type: 'BlueprintNotFound' });
  await expect(store.put(join(root, 'outside.txt'))).rejects.toMatchObject({ type: 'BlueprintNotFound' });
  const { reference } = await store.put('web/blueprint.yaml');
  for (const path of ['../../outside.txt', '/etc/passwd', 'scripts/../../x', '..']) {
    await expect(store.read(reference, path)).rejects.toThrow(/leads out/);
    expect(await store.exists(reference, path)).toBe(false);
  }
});

test('refuses symbolic links', async () => {
  await symlink(join(root, 'outside.txt'), join(blueprints, 'web', 'link'));
  const store = await openCopies();
  await expect(store.put('web/blueprint.yaml')).rejects.toThrow(/link is a symbolic link/);
});

test('refuses a folder that leads out of the worker’s, and takes one that leads within', async () => {
  await symlink(root, join(blueprints, 'out'));
  await symlink('web', join(blueprints, 'in'));
  const store = await openCopies();
  await expect(store.put('out/outside.txt')).rejects.toMatchObject({ type: 'BlueprintNotFound' });
  await expect(store.put('out/blueprints/web/blueprint.yaml')).resolves.toBeDefined();
  const { reference } = await store.put('web/blueprint.yaml');
  expect(await store.put('in/blueprint.yaml')).toEqual({ reference, main: 'blueprint.yaml' });
});

test('refuses a main file that is a link out of the worker’s folder', async () => {
  await symlink('../../outside.txt', join(blueprints, 'web', 'main.yaml'));
  const store = await openCopies();
  await expect(store.put('web/main.yaml')).rejects.toThrow(/is outside of the worker's blueprint folder/);
});

test('refuses a pipe, and does not wait for it', async () => {
  makeFifo(join(blueprints, 'web', 'pipe'));
  makeFifo(join(blueprints, 'web', 'main.yaml'));
  const store = await openCopies();
  await expect(store.put('web/blueprint.yaml')).rejects.toThrow(/symbolic link or special file/);
  await expect(store.put('web/main.yaml')).rejects.toThrow(/There is no file/);
});

test('refuses what is too large', async () => {
  await expect(put({ files: 1, bytes: 1000 })).rejects.toMatchObject({ type: 'BlueprintInvalid' });
  await expect(put({ files: 10, bytes: 12 })).rejects.toMatchObject({ type: 'BlueprintInvalid' });
  await expect(put({ files: 2, bytes: 13 })).resolves.toMatchObject({ main: 'blueprint.yaml' });
});

test('names tell nothing of what is kept, and files are for the owner alone, encrypted', async () => {
  const store = await openCopies();
  const { reference } = await store.put('web/blueprint.yaml');
  expect(reference).not.toContain(
    hashOfFiles([
      ['blueprint.yaml', 'one'],
      ['scripts/start.sh', '#!/bin/sh\n'],
    ]),
  );
  const [name = ''] = await readdir(folder);
  const content = await readFile(join(folder, name), 'latin1');
  for (const inside of ['blueprint.yaml', 'start.sh', '#!/bin/sh']) expect(content).not.toContain(inside);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

test('what is told before it is written is the reference', async () => {
  const store = await openCopies();
  const told: string[] = [];
  const { reference } = await store.put('web/blueprint.yaml', async (announced) => {
    told.push(announced);
    expect(await readdir(folder).catch(() => [])).toEqual([]);
  });
  expect(told).toEqual([reference]);
});

test('a copy of the time when they were folders is read, and keeps its reference', async () => {
  const hash = hashOfFiles([
    ['blueprint.yaml', 'one'],
    ['scripts/start.sh', '#!/bin/sh\n'],
  ]);
  await cp(join(blueprints, 'web'), join(folder, hash), { recursive: true });
  const store = await openCopies();
  expect(await store.put('web/blueprint.yaml')).toEqual({
    reference: `sha256:${hash}`,
    main: 'blueprint.yaml',
  });
  expect((await store.read(`sha256:${hash}`, 'blueprint.yaml')).toString()).toBe('one');
  await writeFile(join(folder, hash, 'blueprint.yaml'), 'other');
  await expect((await openCopies()).list(`sha256:${hash}`)).rejects.toThrow(/was changed in the store/);
});

/** As such references were made. */
function hashOfFiles(files: readonly (readonly [string, string])[]): string {
  const hash = createHash('sha256');
  for (const [path, text] of files) hash.update(`${path.length} ${text.length} ${path}\n${text}`);
  return hash.digest('hex');
}

async function put(limits: FolderLimits) {
  return (await openCopies(limits)).put('web/blueprint.yaml');
}

/** Each as another process has it, with the same key. */
async function openCopies(limits?: FolderLimits): Promise<BlueprintStore> {
  const keys = await openStoreKeys({
    folder: join(root, 'secrets'),
    key: Buffer.alloc(32, 'k').toString('base64'),
  });
  return blueprintCopies({ folder, blueprints, keys, ...(limits === undefined ? {} : { limits }) });
}
