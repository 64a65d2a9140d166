import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeLeftovers } from '../../src/store/leftovers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-leftovers-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('what killed processes left is removed once it is surely nobody’s', async () => {
  await mkdir(join(folder, 'secrets', 'chain'), { recursive: true });
  await mkdir(join(folder, 'blueprints', '.aside-folder'), { recursive: true });
  await writeFile(join(folder, 'blueprints', '.aside-folder', 'blueprint.yaml'), '');
  for (const name of ['.aside-old', '.aside-new', 'kept.secret']) {
    await writeFile(join(folder, 'secrets', 'chain', name), 'x');
  }
  const old = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(folder, 'secrets', 'chain', '.aside-old'), old, old);
  await utimes(join(folder, 'blueprints', '.aside-folder'), old, old);

  expect(await removeLeftovers(folder)).toBe(2);
  expect((await readdir(join(folder, 'secrets', 'chain'))).toSorted()).toEqual(['.aside-new', 'kept.secret']);
  expect(await readdir(join(folder, 'blueprints'))).toEqual([]);
});
