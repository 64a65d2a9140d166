import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSecretFiles } from '../../src/store/secret-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-secrets-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const newKey = () => randomBytes(32).toString('base64');

describe.each([
  ['without a key', undefined],
  ['with a key', newKey()],
])('the secret store %s', (_title, key) => {
  test('keeps, replaces, lists and removes', async () => {
    const store = await openSecretFiles({ folder, key });
    await store.put('chain/router_a1/kubeconfig', 'one');
    await store.put('chain/router_a1/kubeconfig', 'two');
    await store.put('chain/router_a1', 'a name that is the start of another');
    await store.put('other/token', 'ünï\n');
    expect(await store.get('chain/router_a1/kubeconfig')).toBe('two');
    expect(await store.get('other/token')).toBe('ünï\n');
    expect(await store.list('chain/')).toEqual(['chain/router_a1', 'chain/router_a1/kubeconfig']);
    await store.remove('chain/router_a1/kubeconfig');
    await store.remove('chain/router_a1/kubeconfig');
    await expect(store.get('chain/router_a1/kubeconfig')).rejects.toMatchObject({ type: 'SecretNotFound' });
    expect(await store.list('')).toEqual(['chain/router_a1', 'other/token']);
  });

  test('removes the folders that its last secret leaves', async () => {
    const store = await openSecretFiles({ folder, key });
    await store.put('a/b/c', 'x');
    await store.remove('a/b/c');
    expect(await readdir(folder)).toEqual(['.key-check']);
  });

  test('ensure stores once, whoever asks', async () => {
    const [one, other] = [await openSecretFiles({ folder, key }), await openSecretFiles({ folder, key })];
    const values = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other).ensure('d/i/ssh-key', async () => `made ${index}`),
      ),
    );
    expect(new Set(values).size).toBe(1);
    expect(await one.get('d/i/ssh-key')).toBe(values[0]);
  });

  test('putting and removing at once in one folder always ends well', async () => {
    const store = await openSecretFiles({ folder, key });
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        await store.put(`d/${index}`, 'x');
        await store.remove(`d/${index}`);
      }),
    );
    expect(await store.list('')).toEqual([]);
  });

  test('files are for the owner alone', async () => {
    const store = await openSecretFiles({ folder, key });
    await store.put('a/b', 'x');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'a', 'b.secret'))).mode & 0o777).toBe(0o600);
  });

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    '.a',
    'a/.key',
    'a b',
    'a\0',
    'a.secret',
    'a.secret/b',
  ])('refuses the name %j', async (name) => {
    const store = await openSecretFiles({ folder, key });
    await expect(store.put(name, 'x')).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(store.get(name)).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});

describe('an encrypted secret store', () => {
  test('holds no value in the clear', async () => {
    const store = await openSecretFiles({ folder, key: newKey() });
    await store.put('a', 'do not show this');
    expect((await readFile(join(folder, 'a.secret'))).includes('show')).toBe(false);
  });

  test('does not start with another key, or without one', async () => {
    await openSecretFiles({ folder, key: newKey() });
    await expect(openSecretFiles({ folder, key: newKey() })).rejects.toMatchObject({ type: 'Unauthorized' });
    await expect(openSecretFiles({ folder })).rejects.toMatchObject({ type: 'Unauthorized' });
  });

  test('does not start on a store that was made without one', async () => {
    await openSecretFiles({ folder });
    await expect(openSecretFiles({ folder, key: newKey() })).rejects.toMatchObject({ type: 'Unauthorized' });
  });

  test('refuses a key of another length', async () => {
    await expect(openSecretFiles({ folder, key: 'c2hvcnQ=' })).rejects.toMatchObject({
      type: 'InvalidInput',
    });
  });

  test('refuses a file that was changed, or moved to another name', async () => {
    const store = await openSecretFiles({ folder, key: newKey() });
    await store.put('a', 'x');
    await writeFile(join(folder, 'b.secret'), await readFile(join(folder, 'a.secret')));
    await expect(store.get('b')).rejects.toMatchObject({ type: 'Unauthorized' });
  });
});
