import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileLock } from '../../src/store/lock.ts';
import { start } from '../support/processes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('processes that add to a number one after the other lose nothing', { timeout: 60_000 }, async () => {
  const number = join(folder, 'number');
  await writeFile(number, '0');
  const adding = Array.from({ length: 3 }, () => start('test/store/adding.ts', [folder, '100'], {}).ended);
  for (const each of await Promise.all(adding)) expect(each).toMatchObject({ status: 0, stderr: '' });
  expect(await readFile(number, 'utf8')).toBe('300');
  expect(await readdir(folder)).toEqual(['number']);
});

test('what fails lets go', async () => {
  const lock = fileLock(join(folder, '.lock'));
  await expect(lock(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lock(() => Promise.resolve('yes'))).toBe('yes');
});

test('the lock of a process that was killed is taken over', async () => {
  const path = join(folder, '.lock');
  await writeFile(path, 'of nobody');
  expect(await fileLock(path, 50)(() => Promise.resolve('taken'))).toBe('taken');
  expect(await readdir(folder)).toEqual([]);
});

test('a lock that is held is waited for, however long', async () => {
  const path = join(folder, '.lock');
  const held = Promise.withResolvers<void>();
  const [entered, steps] = [Promise.withResolvers<void>(), new Array<string>()];
  const first = fileLock(
    path,
    1_500,
  )(async () => {
    entered.resolve();
    await held.promise;
    steps.push('first');
  });
  await entered.promise;
  const second = fileLock(path, 1_500)(async () => void steps.push('second'));
  // Longer than patience, which each of its beats renews.
  setTimeout(() => held.resolve(), 3_000);
  await Promise.all([first, second]);
  expect(steps).toEqual(['first', 'second']);
});
