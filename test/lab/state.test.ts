import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheRoot, checkLabName, readJsonFile, stateRoot, writeJsonFile } from '../../lab/state.ts';

it.each(['demo', 'test-1a2b', 'a'])('“%s” names a lab', (name) => expect(checkLabName(name)).toBe(name));

it.each(['', '.', '..', '../demo', 'Demo', '-demo', '1', 'a b', 'x'.repeat(32)])(
  '“%s” names no lab',
  (name) => {
    expect(() => checkLabName(name)).toThrow('cannot name a lab');
  },
);

it('follows the XDG variables, and takes an empty one for none', () => {
  expect(stateRoot({ XDG_STATE_HOME: '/s' })).toBe('/s/braid');
  expect(cacheRoot({ XDG_CACHE_HOME: '/c' })).toBe('/c/braid');
  expect(stateRoot({ XDG_STATE_HOME: '' })).toMatch(/\/\.local\/state\/braid$/);
});

it('keeps JSON whole, for its owner alone, and takes a cut file for none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'braid-state-'));
  try {
    const file = join(folder, 'a.json');
    expect(await readJsonFile(file)).toBeUndefined();
    await writeJsonFile(file, { a: 1 });
    expect(await readJsonFile(file)).toEqual({ a: 1 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.json']);
    await writeFile(file, '{"a":');
    expect(await readJsonFile(file)).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
