import type * as FileSystem from 'node:fs/promises';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readArchive } from '../../src/cli/sources/archive.ts';
import { findSource, findSources } from '../../src/cli/sources/find.ts';
import { compile } from '../../src/language/index.ts';
import { type Packed, tarGzOf, tarOf, zipOf } from '../support/archives.ts';
import { makeFifo } from '../support/fifo.ts';

/** Where commands find blueprints: files, folders, archives. */

const reads = vi.hoisted((): string[] => []);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>();
  const open: typeof real.open = async (path, ...rest) => {
    reads.push(String(path));
    return real.open(path, ...rest);
  };
  return { ...real, open };
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-sources-'));
});
afterAll(() => rm(folder, { recursive: true }));

const head = 'tosca_definitions_version: cloudify_dsl_1_3\n';
const main = `${head}imports: [types.yaml]\nnode_templates: { n: { type: t } }\n`;
const types = `${head}node_types: { t: {} }\n`;
const files: readonly Packed[] = [
  { name: 'app/blueprint.yaml', text: main },
  { name: 'app/types.yaml', text: types },
];

async function write(path: string, content: string | Buffer): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

const namesOf = async (path: string, filename?: string): Promise<readonly string[]> =>
  (await findSources(join(folder, path), filename)).map(({ name }) => name.slice(folder.length + 1));

describe('a folder', () => {
  test('means its blueprint.yaml, or another file when it is named', async () => {
    await write('one/blueprint.yaml', main);
    await write('one/types.yaml', types);
    await write('one/other.yaml', main);
    expect(await namesOf('one')).toEqual(['one/blueprint.yaml']);
    expect(await namesOf('one', 'other.yaml')).toEqual(['one/other.yaml']);
  });

  test('without one means every blueprint in it and below that no other imports', async () => {
    await write('many/first.yaml', main);
    await write('many/types.yaml', types);
    await write('many/inputs.yaml', 'a: 1\n');
    await write('many/below/blueprint.yaml', types);
    await write('many/node_modules/blueprint.yaml', types);
    expect(await namesOf('many')).toEqual(['many/first.yaml', 'many/below/blueprint.yaml']);
    await expect(findSource(join(folder, 'many'))).rejects.toThrow(/holds several blueprints; name one/);
  });

  test('is looked through once, and as long as it is, however many files it has', async () => {
    const count = 800;
    const imports = Array.from(
      { length: 60 },
      (_, index) => `  - part${index}.yaml\n  - a--./part${index}.yaml\n`,
    );
    for (let index = 0; index < count; index += 1) {
      await write(`wide/part${index}.yaml`, `${head}imports:\n${imports.join('')}${'\n'.repeat(2_000)}`);
    }
    const before = reads.length;
    const found = await namesOf('wide');
    expect(found).toHaveLength(count - 60);
    const opened = reads.slice(before).filter((path) => path.startsWith(join(folder, 'wide')));
    expect(opened).toHaveLength(count);
    expect(new Set(opened).size).toBe(count);
  });

  test('has links that are not followed, in circles or to pipes', async () => {
    await write('linked/first.yaml', main);
    await write('linked/below/second.yaml', main);
    await symlink('..', join(folder, 'linked/below/up'));
    await symlink('first.yaml', join(folder, 'linked/again.yaml'));
    makeFifo(join(folder, 'linked/pipe.yaml'));
    expect(await namesOf('linked')).toEqual(['linked/first.yaml', 'linked/below/second.yaml']);
  });

  test('without any is refused', async () => {
    await write('none/inputs.yaml', 'a: 1\n');
    await expect(namesOf('none')).rejects.toThrow('There is no blueprint in the folder');
    await expect(namesOf('none', 'x.yaml')).rejects.toThrow(/There is no file .*none\/x\.yaml/);
    await expect(namesOf('nowhere')).rejects.toThrow(/There is no file .*nowhere/);
  });
});

describe.each([
  ['zip', async (all: readonly Packed[]) => zipOf(all)],
  ['tar', tarOf],
  ['tar.gz', tarGzOf],
])('an archive .%s', (extension, packed) => {
  const archive = async (name: string, all: readonly Packed[]): Promise<string> =>
    write(`${name}.${extension}`, await packed(all));

  test('is a blueprint with its imports, in one folder or in none', async () => {
    const flat = files.map(({ name, text = '' }) => ({ name: name.slice('app/'.length), text }));
    for (const [name, all] of [['whole', files] as const, ['flat', flat] as const]) {
      const source = await findSource(await archive(name, all));
      const { plan, diagnostics } = await compile({ ...source, inputs: null });
      expect(diagnostics).toEqual([]);
      expect(Object.keys(plan?.nodes ?? {})).toEqual(['n']);
      expect(await source.text('types.yaml')).toBe(types);
    }
  });

  test('without a blueprint.yaml names what it has', async () => {
    const path = await archive('named', [{ name: 'a/app.yaml', text: main }, { name: 'a/b.txt' }]);
    await expect(findSource(path)).rejects.toThrow('It holds app.yaml: name one with --blueprint-filename.');
    expect((await findSource(path, 'app.yaml')).main).toBe('app.yaml');
  });

  test.each([
    ['climbs out', [{ name: '../evil.yaml', text: main }], /leads out of it|invalid relative path/],
    ['climbs out from inside', [{ name: 'a/../../e.yaml' }], /leads out of it|invalid relative path/],
    ['is absolute', [{ name: '/etc/evil.yaml' }], /leads out of it|absolute path/],
    ['has backslashes', [{ name: String.raw`..\evil.yaml` }], /leads out of it|invalid characters/],
    ['is a symbolic link', [...files, { name: 'app/link', link: '/etc/passwd' }], /link/],
    ['is there twice', [...files, ...files], /holds app\/blueprint\.yaml twice/],
  ])('with a file that %s is refused', async (_what, all, message) => {
    await expect(readArchive(await archive('bad', all))).rejects.toThrow(message);
  });

  test('with more than it may hold is refused', async () => {
    const path = await archive('large', [...files, { name: 'app/data', text: 'x'.repeat(10_000) }]);
    await expect(readArchive(path, { files: 2, bytes: 100_000 })).rejects.toThrow(/more than 2 files/);
    await expect(readArchive(path, { files: 10, bytes: 9_000 })).rejects.toThrow(/more than 9000 bytes/);
  });

  test('that is cut off is refused', async () => {
    const whole = await packed([...files, { name: 'app/data', text: 'x'.repeat(10_000) }]);
    const path = await write(`cut.${extension}`, whole.subarray(0, whole.length / 2));
    await expect(readArchive(path)).rejects.toThrow(/The archive .* cannot be read: /);
  });
});

test('a small archive that becomes a large one is refused before it does', async () => {
  const path = await write('bomb.tar.gz', await tarGzOf([{ name: 'b.yaml', text: ' '.repeat(50_000_000) }]));
  await expect(readArchive(path)).rejects.toThrow(/more than 33554432 bytes/);
});

test('what is no archive is refused whatever its name', async () => {
  await expect(readArchive(await write('text.zip', main))).rejects.toThrow('neither a .zip nor a .tar');
});
