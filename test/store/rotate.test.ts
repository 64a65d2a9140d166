import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyRing } from '../../src/store/key-ring.ts';
import { rotateKey, type Rotation } from '../../src/store/rotate.ts';
import { openStore, storeFolders } from '../../src/store/store.ts';
import { braid, type Ran, type Running, root, start } from '../support/processes.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'braid-rotate-'));
});
afterEach(() => rm(state, { recursive: true }));

const [first, second, third] = ['1', '2', '3'].map((text) => Buffer.alloc(32, text).toString('base64'));
const idOf = (key: string | undefined): string => keyRing({ key }).key?.id ?? '';

function opened(key: string | undefined, ...oldKeys: (string | undefined)[]) {
  const old = oldKeys.filter((each) => each !== undefined);
  return openStore(state, join(root, 'test', 'starting', 'blueprints'), { key, oldKeys: old });
}

async function rotate(key: string | undefined, ...oldKeys: (string | undefined)[]): Promise<Rotation> {
  return rotateKey(storeFolders(state), (await opened(key, ...oldKeys)).keys);
}

/** All that the store holds, as it is on the disk. */
async function contents(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(state, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isKept(entry.name));
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'latin1')] as const)),
  );
}

/** What was killed leaves what it was writing. */
function isKept(name: string): boolean {
  return !name.startsWith('.aside-') && name !== '.lock';
}

async function expectAllSealedWith(key: string | undefined): Promise<void> {
  const others = [...(await contents()).entries()].filter(
    ([, content]) => content.slice(14, 26) !== idOf(key),
  );
  expect(others.map(([path]) => path)).toEqual([]);
}

const value = { inputs: { page: 'a plain word' } };

describe('a change of the key', () => {
  test('takes all with it, and references stay', async () => {
    const before = await opened(first);
    await before.secrets.put('own/password', 'hush');
    const plan = await before.values.put(value);
    const { reference, main } = await before.blueprints.put('tiny/blueprint.yaml');

    expect(await rotate(second, first)).toEqual({
      key: idOf(second),
      secrets: { anew: 1, before: 0 },
      plans: { anew: 1, before: 0 },
      blueprints: { anew: 1, before: 0 },
    });
    await expectAllSealedWith(second);
    const after = await opened(second);
    expect(await after.secrets.get('own/password')).toBe('hush');
    expect(await after.values.get(plan)).toEqual(value);
    expect(await after.values.put(value)).toBe(plan);
    expect(await after.blueprints.put('tiny/blueprint.yaml')).toEqual({ reference, main });
    expect((await after.blueprints.read(reference, main)).toString()).toMatch(/node_templates/);
  });

  test('may be done again: then there is nothing to do', async () => {
    await (await opened(first)).secrets.put('a', 'x');
    await rotate(second, first);
    expect(await rotate(second)).toMatchObject({ secrets: { anew: 0, before: 1 } });
    expect(await rotate(third, second)).toMatchObject({ secrets: { anew: 1, before: 0 } });
  });

  test('encrypts a store that was not, with the plans and folders of the time before', async () => {
    const before = await opened(undefined);
    await before.secrets.put('own/password', 'hush');
    const text = JSON.stringify(value);
    const [plan, copy] = [sha256(text), sha256(`14 3 blueprint.yaml\none`)];
    const { values, blueprints } = storeFolders(state);
    await mkdir(values, { mode: 0o755 });
    await writeFile(join(values, `${plan}.json`), text, { mode: 0o644 });
    await mkdir(join(blueprints, copy), { recursive: true });
    await writeFile(join(blueprints, copy, 'blueprint.yaml'), 'one');

    await expect(opened(first)).rejects.toMatchObject({
      type: 'Unauthorized',
      message: expect.stringContaining('Give BRAID_SECRET_OLD_KEYS=none too'),
    });
    expect(await rotate(first, 'none')).toMatchObject({
      secrets: { anew: 1, before: 0 },
      plans: { anew: 1, before: 0 },
      blueprints: { anew: 1, before: 0 },
    });
    await expectAllSealedWith(first);
    for (const folder of [values, blueprints]) expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(values, `${plan}.json`))).mode & 0o777).toBe(0o600);
    const after = await opened(first);
    expect(await after.secrets.get('own/password')).toBe('hush');
    expect(await after.values.get(`sha256:${plan}`)).toEqual(value);
    expect((await after.blueprints.read(`sha256:${copy}`, 'blueprint.yaml')).toString()).toBe('one');
  });

  test('knows files of the time when they had no key’s id', async () => {
    const { secrets } = storeFolders(state);
    await mkdir(secrets);
    await writeFile(join(secrets, '.key-check'), sealedWithoutId('.key-check', 'braid secret store'));
    await mkdir(join(secrets, 'own'));
    await writeFile(join(secrets, 'own', 'a.secret'), sealedWithoutId('own/a', 'hush'));
    expect(await (await opened(first)).secrets.get('own/a')).toBe('hush');
    await expect(opened(second)).rejects.toThrow(`with another key: given is only ${idOf(second)}`);
    expect(await rotate(second, first)).toMatchObject({ secrets: { anew: 1, before: 0 } });
    expect(await (await opened(second)).secrets.get('own/a')).toBe('hush');
  });

  test('names each file that does not open, and does the others', async () => {
    const store = await opened(first);
    await store.secrets.put('good', 'x');
    await store.secrets.put('changed', 'x');
    await writeFile(join(state, 'secrets', 'changed.secret'), 'rubbish');
    await expect(rotate(second, first)).rejects.toMatchObject({
      type: 'Unauthorized',
      message: expect.stringMatching(/^Not all is encrypted with the key .*\nchanged: /),
    });
    expect(await (await opened(second)).secrets.get('good')).toBe('x');
  });

  test('wants a key, and gives way to another change', async () => {
    await (await opened(undefined)).secrets.put('a', 'x');
    await expect(rotate(undefined)).rejects.toMatchObject({ type: 'ConfigurationInvalid' });

    const { keys } = await opened(first, 'none', second);
    const other = await opened(second, 'none', first);
    const overruled = { ...keys, adopt: () => keys.adopt().then(() => other.keys.adopt()) };
    await expect(rotateKey(storeFolders(state), overruled)).rejects.toThrow(
      `Meanwhile the key of the store was changed to ${idOf(second)} by another.`,
    );
    expect(await other.secrets.get('a')).toBe('x');
  });
});

describe('a wrong key is told by its id', () => {
  test('when the store has another, and when it has none', async () => {
    await opened(first);
    const encrypted = `is encrypted with the key ${idOf(first)}, and`;
    await expect(opened(second)).rejects.toThrow(`${encrypted} given is only ${idOf(second)}.`);
    await expect(opened(second, third)).rejects.toThrow(
      `${encrypted} given are only ${idOf(third)}, ${idOf(second)}.`,
    );
    await expect(opened(undefined)).rejects.toThrow(`${encrypted} no key is given.`);
  });
});

describe('workers that share a store', { timeout: 60_000 }, () => {
  const workers: Running[] = [];
  afterEach(async () => {
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.splice(0).map(({ ended }) => ended));
  });

  /** What it answers to a line. */
  async function worker(key: string | undefined, oldKey?: string) {
    const running = start('test/store/keeper.ts', [state], environment(key, oldKey), root, 'pipe');
    workers.push(running);
    await running.said('ready');
    let asked = 0;
    return async (line: string): Promise<string> => {
      asked += 1;
      const answer = new RegExp(`^${asked}: (.*) \\.$`, 'm');
      running.child.stdin?.write(`${line}\n`);
      return answer.exec(await running.heard(answer))?.[1] ?? '';
    };
  }

  test('read each other’s while they get the new key one by one, and after the change', async () => {
    const old = await worker(first);
    const early = await worker(second, first);
    expect(await old('put a one')).toBe('put');
    expect(await early('put b two')).toBe('put');
    const plan = await early('plan of-the-new-one');
    expect(await early('get a')).toBe('one');
    expect(await old('get b')).toBe('two');
    expect(await old(`read ${plan}`)).toBe('{"plan":"of-the-new-one"}');

    const late = await worker(second, first);
    expect(await command(second, first)).toMatchObject({ status: 0, stderr: '' });
    await expectAllSealedWith(second);
    for (const each of [early, late]) {
      expect(await each('get a')).toBe('one');
      expect(await each('put c three')).toBe('put');
      expect(await each(`read ${plan}`)).toBe('{"plan":"of-the-new-one"}');
    }
    expect(await (await worker(second))('get c')).toBe('three');
    await expectAllSealedWith(second);
    // One that was forgotten is told which key it lacks, and harms nothing.
    expect(await old('get c')).toMatch(
      `secret/c in the store ${state}/secrets is encrypted with the key ${idOf(second)}`,
    );
    expect(await old('put c four')).toMatch(`is encrypted with the key ${idOf(second)}`);
    expect(await early('get c')).toBe('three');
  });

  test('go on writing while it is done, and nothing of it is lost', async () => {
    const store = await opened(first);
    for (let index = 0; index < 40; index += 1) await store.secrets.put(`a/${index}`, 'old');
    const writer = await worker(second, first);
    const changing = command(second, first);
    const over = changing.then(() => true);
    let round = 0;
    for (; round < 2 || !(await Promise.race([over, Promise.resolve(false)])); round += 1)
      for (let index = 0; index < 40; index += 1) await writer(`put a/${index} ${round}`);
    expect(await changing).toMatchObject({ status: 0, stderr: '' });
    const after = await opened(second);
    for (let index = 0; index < 40; index += 1)
      expect(await after.secrets.get(`a/${index}`)).toBe(String(round - 1));
  });

  test('a change that is killed in its middle has harmed nothing, and is gone on with', async () => {
    const store = await opened(first);
    const names = Array.from({ length: 300 }, (_, index) => `a/${index}`);
    for (const name of names) await store.secrets.put(name, `value of ${name}`);
    const killed = start('src/cli/main.mjs', ['secret', 'rotate'], environment(second, first));
    while ((await countSealedWith(second)) < 20) await delay(5);
    killed.child.kill('SIGKILL');
    expect((await killed.ended).status).toBe(null);
    const done = await countSealedWith(second);
    expect(done).toBeLessThan(names.length);

    const between = await opened(second, first);
    for (const name of names) expect(await between.secrets.get(name)).toBe(`value of ${name}`);
    await between.secrets.put('a/new', 'x');
    const { status, stdout } = await command(second, first);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        `^The store is encrypted with the key ${idOf(second)}\\.\nDone anew: \\d+ of 301 secrets, 0 of 0 plans, 0 of 0 blueprints\\.\n`,
      ),
    });
    await expectAllSealedWith(second);
    const after = await opened(second);
    for (const name of names) expect(await after.secrets.get(name)).toBe(`value of ${name}`);
  });
});

function command(key: string | undefined, oldKey?: string): Promise<Ran> {
  return braid(['secret', 'rotate'], environment(key, oldKey));
}

function environment(key: string | undefined, oldKey?: string): NodeJS.ProcessEnv {
  return {
    BRAID_STATE: state,
    BRAID_SECRET_KEY: key,
    ...(oldKey === undefined ? {} : { BRAID_SECRET_OLD_KEYS: oldKey }),
  };
}

async function countSealedWith(key: string | undefined): Promise<number> {
  const secrets = [...(await contents()).entries()].filter(([path]) => path.endsWith('.secret'));
  return secrets.filter(([, content]) => content.slice(14, 26) === idOf(key)).length;
}

/** As files were made before keys had ids. */
function sealedWithoutId(name: string, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(first ?? '', 'base64'), nonce);
  cipher.setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
