import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from '../support/processes.ts';

/** Several workers on one store: each does the same at the same time, and then they are compared. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-shared-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('three processes that write the same at once all see the same, whole', {
  timeout: 120_000,
}, async () => {
  const processes = ['one', 'two', 'three'].map((name) =>
    start('test/store/shared-store.ts', [folder, name], {}),
  );
  const ended = await Promise.all(processes.map((each) => each.ended));
  for (const each of ended) expect(each).toMatchObject({ status: 0, stderr: '' });
  const [first, ...others] = ended.map(({ stdout }) => stdout);
  expect(first).toMatch(/^\{"made":/);
  for (const each of others) expect(each).toBe(first);

  const left = await readdir(folder, { recursive: true });
  expect(left.filter((name) => name.includes('.aside-'))).toEqual([]);
  // Each removed what it had put into the shared folder, and the last one the folder.
  expect(left).not.toContain(join('secrets', 'passing'));
});
