import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { npmPackages } from '../../../scripts/lib/supply/packages.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'braid-supply-'));
});
afterEach(() => rm(root, { recursive: true }));

test('each package is listed with its licence: as the lock file says it, else as its own text does', async () => {
  const packages = {
    '': { version: '0.1.0' },
    'node_modules/@a/b': { version: '1.0.0', license: 'MIT' },
    'node_modules/@a/b/node_modules/c': { version: '2.0.0' },
    'node_modules/absent': { version: '3.0.0' },
  };
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  const folder = join(root, 'node_modules/@a/b/node_modules/c');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'LICENCE.md'),
    'Permission to use, copy, modify, and/or distribute this software',
  );
  expect(await npmPackages(root)).toEqual([
    { name: '@a/b', version: '1.0.0', licence: 'MIT' },
    { name: 'c', version: '2.0.0', licence: 'ISC' },
    { name: 'absent', version: '3.0.0', licence: null },
  ]);
});
