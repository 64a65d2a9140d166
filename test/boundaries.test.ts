import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = dirname(import.meta.dirname);

/** What a file of a pure room may use from outside: pure libraries, and Temporal's own for workflows. */
const pureLibraries: Readonly<Record<string, readonly string[]>> = {
  language: ['js-yaml', 're2js', 'yaml', 'zod'],
  topology: ['zod'],
  contracts: ['zod', '@temporalio/common'],
  workflows: ['zod', 'p-limit', '@temporalio/common', '@temporalio/workflow'],
  editor: ['js-yaml', 're2js', 'yaml', 'zod'],
};

/** Rooms that each may import from; what is not listed may import from all. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  language: ['contracts'],
  topology: ['contracts', 'language'],
  workflows: ['contracts', 'language', 'topology'],
  editor: ['contracts', 'language'],
  store: ['contracts'],
  connection: ['contracts'],
  client: ['contracts', 'connection'],
  codec: ['contracts'],
  guard: ['contracts'],
  activities: ['contracts', 'connection', 'language', 'topology', 'store', 'client'],
  'language-server': ['contracts', 'language', 'editor', 'activities'],
};

describe.each(Object.entries(pureLibraries))('%s', (room, libraries) => {
  test('reaches no node: module and no client library, over any number of steps', () => {
    const offences = reachable(filesOf(room)).flatMap((file) =>
      importsOf(file)
        .packages.filter((name) => !libraries.includes(packageOf(name)))
        .map((name) => `${relative(root, file)} imports ${name}`),
    );
    expect(offences).toEqual([]);
  });
});

describe.each(Object.entries(neighbours))('%s', (room, allowed) => {
  test(`knows no room but ${['itself', ...allowed].join(', ')}`, () => {
    const offences = filesOf(room).flatMap((file) =>
      importsOf(file)
        .files.filter((target) => ![room, ...allowed].includes(roomOf(target)))
        .map((target) => `${relative(root, file)} imports ${relative(root, target)}`),
    );
    expect(offences).toEqual([]);
  });
});

test('the check reads imports as they are written', () => {
  const { files, packages } = importsOf(join(root, 'src/language/load.ts'));
  expect(files).toContain(join(root, 'src/language/source/place.ts'));
  expect(importsOf(join(root, 'src/run-worker.ts')).packages).toContain('node:fs/promises');
  expect(packages).not.toContain('node:fs');
});

function filesOf(room: string): readonly string[] {
  const folder = join(root, 'src', room);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** `language` of `src/language/load.ts`; the file's own name for one that is in no room. */
function roomOf(file: string): string {
  return relative(join(root, 'src'), file).split('/')[0] ?? '';
}

function packageOf(name: string): string {
  const parts = name.split('/');
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? name);
}

/** The files and all that they import when they run; types alone are gone by then. */
function reachable(from: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const next = [...from];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    next.push(...importsOf(file).files);
  }
  return [...seen];
}

type Imports = { readonly files: readonly string[]; readonly packages: readonly string[] };

const statement = /^\s*(?:import|export)\s(?!type\b)(?:[^'";]*?\sfrom\s)?\s*'([^']+)'/gm;
const dynamic = /\bimport\('([^']+)'\)/g;

function importsOf(file: string): Imports {
  const text = readFileSync(file, 'utf8');
  const names = [statement, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name])),
  );
  return {
    files: names.filter(isFile).map((name) => join(dirname(file), name)),
    packages: names.filter((name) => !isFile(name)),
  };
}

function isFile(name: string): boolean {
  return name.startsWith('.');
}
