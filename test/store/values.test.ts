import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStoreKeys } from '../../src/store/keys.ts';
import { valueFiles } from '../../src/store/values.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-values-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('gives back what was put, by its content', async () => {
  const store = valueFiles(join(folder, 'made when needed'), await keys());
  const value = { nodes: [{ name: 'ä', count: 1 }], none: null };
  const references = await Promise.all([store.put(value), store.put(value)]);
  expect(references[0]).toBe(references[1]);
  expect(await store.get(references[0])).toEqual(value);
  expect(await store.exists(references[0])).toBe(true);
  expect(await store.put({ none: null, nodes: [] })).not.toBe(references[0]);
});

test('tells a missing or changed value', async () => {
  const store = valueFiles(folder, await keys());
  const missing = `sha256:${'0'.repeat(64)}`;
  await expect(store.get(missing)).rejects.toMatchObject({ type: 'Internal', nonRetryable: true });
  await expect(store.get('../x')).rejects.toThrow(/no reference/);
  expect(await store.exists(missing)).toBe(false);
  const reference = await store.put([1]);
  const file = join(folder, `${reference.slice('hmac-sha256:'.length)}.value`);
  await writeFile(file, '[2]');
  await expect(store.get(reference)).rejects.toThrow(/was changed/);
  await writeFile(file, Buffer.from('[1]'));
  expect(await store.get(reference)).toEqual([1]);
});

test('names tell nothing of a value, and files are for the owner alone, encrypted', async () => {
  const plans = join(folder, 'values');
  const store = valueFiles(plans, await keys());
  const value = { inputs: { password: 'guess me' } };
  const reference = await store.put(value);
  expect(reference).not.toContain(sha256(JSON.stringify(value)));
  const [name = ''] = await readdir(plans);
  expect(await readFile(join(plans, name), 'latin1')).not.toContain('guess me');
  expect((await stat(plans)).mode & 0o777).toBe(0o700);
  expect((await stat(join(plans, name))).mode & 0o777).toBe(0o600);
});

test('another store names the same value otherwise', async () => {
  const [one, other] = [valueFiles(folder, await keys()), valueFiles(folder, await keys('other'))];
  expect(await one.put([1])).not.toBe(await other.put([1]));
});

test('a value of the time before is read as it is, and keeps its reference', async () => {
  const text = JSON.stringify({ nodes: {} });
  await writeFile(join(folder, `${sha256(text)}.json`), text);
  const store = valueFiles(folder, await keys());
  expect(await store.get(`sha256:${sha256(text)}`)).toEqual({ nodes: {} });
  expect(await store.put({ nodes: {} })).toBe(`sha256:${sha256(text)}`);
  await writeFile(join(folder, `${sha256(text)}.json`), '{"nodes": {"evil": 1}}');
  await expect(store.get(`sha256:${sha256(text)}`)).rejects.toThrow(/was changed/);
});

const key = randomBytes(32).toString('base64');

function keys(store = 'secrets') {
  return openStoreKeys({ folder: join(folder, store), key });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
