import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readReal, realFileIn } from '../../src/store/real-file.ts';
import { makeFifo } from '../support/fifo.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'braid-real-')));
  folder = join(root, 'web');
  await mkdir(join(folder, 'deep'), { recursive: true });
  await writeFile(join(folder, 'deep', 'a'), 'inside');
  await writeFile(join(root, 'secret'), 'outside');
});
afterEach(() => rm(root, { recursive: true }));

describe('a path in a folder', () => {
  test.each([
    ['a link to a file', 'deep/a', 'link'],
    ['a link to a folder', 'deep', 'link/a'],
    ['a link that leads out and in again', '../web/deep/a', 'link'],
  ])('is followed over %s within it', async (_what, target, path) => {
    await symlink(target, join(folder, 'link'));
    expect(await realFileIn(folder, path)).toEqual({ real: join(folder, 'deep/a'), size: 6 });
  });

  test.each([
    ['a link to a file', '../secret', 'link'],
    ['a link to a folder', '..', 'link/secret'],
    ['a link to all', '/', 'link/etc/passwd'],
  ])('leads out over %s outside', async (_what, target, path) => {
    await symlink(target, join(folder, 'link'));
    expect(await realFileIn(folder, path)).toBe('outside');
  });

  test('that climbs leads out, and a folder that only begins alike is another', async () => {
    await mkdir(join(root, 'web2'));
    await writeFile(join(root, 'web2', 'a'), '');
    expect(await realFileIn(folder, '../secret')).toBe('outside');
    expect(await realFileIn(folder, '../web2/a')).toBe('outside');
  });

  test('that is no file is told without opening it', async () => {
    makeFifo(join(folder, 'pipe'));
    await symlink('pipe', join(folder, 'link'));
    for (const path of ['pipe', 'link', 'deep']) expect(await realFileIn(folder, path)).toBe('no file');
  });

  test('in a circle of links is nothing', async () => {
    await symlink('b', join(folder, 'c'));
    await symlink('c', join(folder, 'b'));
    await expect(realFileIn(folder, 'b')).rejects.toMatchObject({ code: 'ELOOP' });
  });
});

describe('a file that was exchanged after it was looked at is not read', () => {
  let file: string;
  beforeEach(() => {
    file = join(folder, 'deep', 'a');
  });

  test('for a link', async () => {
    await rm(file);
    await symlink(join(root, 'secret'), file);
    await expect(readReal(file, 100)).rejects.toMatchObject({ code: 'ELOOP' });
  });

  test('for a pipe, which is not waited for', async () => {
    await rm(file);
    makeFifo(file);
    await expect(readReal(file, 100)).rejects.toThrow(/was just exchanged/);
  });

  test('with its folder, for a link', async () => {
    await mkdir(join(root, 'other'));
    await rename(join(root, 'secret'), join(root, 'other', 'a'));
    await rm(join(folder, 'deep'), { recursive: true });
    await symlink(join(root, 'other'), join(folder, 'deep'));
    await expect(readReal(file, 100)).rejects.toThrow(/was just exchanged/);
  });
});

test('a file is read as far as is asked', async () => {
  const path = join(folder, 'large');
  await writeFile(path, Buffer.alloc(700_000, 'x'));
  expect(await readReal(path, 600_000)).toHaveLength(600_000);
  expect(await readReal(path, 800_000)).toHaveLength(700_000);
});
