import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSecretFiles } from '../../src/store/secret-files.ts';
import { root } from '../support/processes.ts';

let state: string;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'braid-secrets-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

function secret(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
  const command = [join(root, 'src/cli/main.mjs'), 'secret', ...args];
  const options = {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], BRAID_STATE: state, ...env },
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
  return { status, stdout, stderr };
}

const read = async (name: string, key?: string): Promise<string> =>
  (await openSecretFiles({ folder: join(state, 'secrets'), key })).get(name);

it('is stored from standard input as it is, and only its name is printed', async () => {
  const { status, stdout, stderr } = secret(['put', 'own/password'], 'hush\n');
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: 'A blueprint reads it by {get_secret: own/password}.\n',
    stderr: '',
  });
  expect(await read('own/password')).toBe('hush\n');
  expect((await stat(join(state, 'secrets/own/password.secret'))).mode & 0o777).toBe(0o600);
});

it('is stored from a file, replaced, listed and removed', { timeout: 60_000 }, async () => {
  const file = join(state, 'kubeconfig');
  await writeFile(file, 'first');
  expect(secret(['put', 'own/kubeconfig', file]).status).toBe(0);
  await writeFile(file, 'second');
  expect(JSON.parse(secret(['put', 'own/kubeconfig', file, '--json']).stdout)).toEqual({
    name: 'own/kubeconfig',
  });
  expect(await read('own/kubeconfig')).toBe('second');
  expect(secret(['list']).stdout).toBe('own/kubeconfig\n');
  expect(secret(['remove', 'own/kubeconfig'])).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(JSON.parse(secret(['list', '--json']).stdout)).toEqual([]);
});

it('is encrypted with the worker’s key, and refused with another', async () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  expect(secret(['put', 'own/a'], 'hush', { BRAID_SECRET_KEY: key }).status).toBe(0);
  expect(await read('own/a', key)).toBe('hush');
  const { status, stderr } = secret(['put', 'own/b'], 'hush');
  expect(status).toBe(1);
  expect(stderr).toMatch(/Unauthorized: The secret store \S+ is encrypted/);
});

it('gets another key by one command, which tells what it did', { timeout: 60_000 }, async () => {
  const [key, old] = ['new', 'old'].map((text) => Buffer.alloc(32, text).toString('base64'));
  expect(secret(['put', 'own/a'], 'hush', { BRAID_SECRET_KEY: old }).status).toBe(0);
  const keys = { BRAID_SECRET_KEY: key, BRAID_SECRET_OLD_KEYS: old };
  expect(secret(['rotate'], '', keys)).toEqual({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(
      /^The store is encrypted with the key [0-9a-f]{12}\.\nDone anew: 1 of 1 secret, 0 of 0 plans, 0 of 0 blueprints\.\nOld keys /,
    ),
  });
  expect(JSON.parse(secret(['rotate', '--json'], '', keys).stdout)).toMatchObject({
    secrets: { anew: 0, before: 1 },
  });
  expect(await read('own/a', key)).toBe('hush');
  expect(secret(['list'], '', { BRAID_SECRET_KEY: old })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /Unauthorized: The secret store \S+ is encrypted with the key [0-9a-f]{12}, and/,
    ),
  });
  expect(secret(['rotate'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no key is given') });
});

it.each([
  [['put', 'own/../a'], 'x', 2, /InvalidInput: "own\/..\/a" is no name of a secret/],
  [['put', 'own/a'], '', 2, /InvalidInput: The value is empty/],
  [['put', 'own/a', '/nowhere/a'], '', 2, /InvalidInput: \/nowhere\/a cannot be read: ENOENT/],
  [['remove', 'own/none'], '', 1, /SecretNotFound: There is no secret "own\/none"/],
])('braid secret %j with “%s” ends with %i', (args, input, exit, says) => {
  const { status, stderr } = secret(args, input);
  expect(status).toBe(exit);
  expect(stderr).toMatch(says);
});
