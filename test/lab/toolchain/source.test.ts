import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from '../../../lab/toolchain/source.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-source-'));
  await fill(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill(target: string): Promise<void> {
  await mkdir(join(target, 'deep'));
  await writeFile(join(target, 'deep', 'a'), 'one');
  await writeFile(join(target, 'b'), 'two');
}

test('the same files give the same digest, wherever they are', async () => {
  const other = await mkdtemp(join(tmpdir(), 'braid-source-'));
  await fill(other);
  expect(await digestOf(other)).toBe(await digestOf(folder));
  expect(await digestOf(folder)).toMatch(/^[0-9a-f]{12}$/);
  await rm(other, { recursive: true });
});

test.each([
  ['a content', () => writeFile(join(folder, 'b'), 'too')],
  ['a mode', () => chmod(join(folder, 'b'), 0o755)],
  ['a further file', () => writeFile(join(folder, 'deep', 'c'), '')],
  ['a name', () => rm(join(folder, 'b')).then(() => writeFile(join(folder, 'c'), 'two'))],
])('%s changes it', async (_what, change) => {
  const before = await digestOf(folder);
  await change();
  expect(await digestOf(folder)).not.toBe(before);
});

test('a further input changes it', async () => {
  expect(await digestOf(folder, 'x', 'y')).not.toBe(await digestOf(folder, 'xy'));
});
