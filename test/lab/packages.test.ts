import { expect, it } from 'vitest';
import {
  findProgram,
  halfInstalled,
  installCommands,
  installPackages,
  missingPackages,
} from '../../lab/packages.ts';

const shell = { name: 'dash', program: 'sh', why: 'always there' };
const absent = { name: 'braid-absent', program: 'braid-absent', why: 'never there' };

it('finds programs on the PATH and in root’s folders', async () => {
  expect(await findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh');
  expect(await findProgram('braid-absent')).toBeUndefined();
});

it('installs nothing where nothing is missing', async () => {
  const notes: string[] = [];
  const options = { yes: false, note: (line: string) => notes.push(line) };
  expect(await installPackages([shell], options)).toEqual([]);
  expect(notes).toEqual([]);
});

it('knows what is missing', async () => {
  expect(await missingPackages([shell, absent])).toEqual([absent]);
});

it('says the commands as they are run', () => {
  expect(installCommands(['a', 'b'], ['sudo']).map((command) => command.join(' '))).toEqual([
    'sudo apt-get update -q',
    'sudo apt-get install -q -y --no-install-recommends a b',
  ]);
  expect(installCommands(['a'], [], ['b']).at(-1)?.join(' ')).toBe(
    'apt-get install -q -y --no-install-recommends a --reinstall b',
  );
});

it('finds what an installation that was interrupted left half done', () => {
  expect(halfInstalled(['ii  base-files', 'iHR containerd', 'iU  runc', 'rc  vim'])).toEqual(['containerd']);
});
