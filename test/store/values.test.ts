import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { valueFiles } from '../../src/store/values.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-values-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('gives back what was put, by its content', async () => {
  const store = valueFiles(join(folder, 'made when needed'));
  const value = { nodes: [{ name: 'ä', count: 1 }], none: null };
  const references = await Promise.all([store.put(value), store.put(value)]);
  expect(references[0]).toBe(references[1]);
  expect(await store.get(references[0])).toEqual(value);
  expect(await store.exists(references[0])).toBe(true);
  expect(await store.put({ none: null, nodes: [] })).not.toBe(references[0]);
});

test('tells a missing or changed value', async () => {
  const store = valueFiles(folder);
  const missing = `sha256:${'0'.repeat(64)}`;
  await expect(store.get(missing)).rejects.toMatchObject({ type: 'Internal', nonRetryable: true });
  await expect(store.get('../x')).rejects.toThrow(/no reference/);
  expect(await store.exists(missing)).toBe(false);
  const reference = await store.put([1]);
  await writeFile(join(folder, `${reference.slice(7)}.json`), '[2]');
  await expect(store.get(reference)).rejects.toThrow(/was changed/);
});
