import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blueprintFiles } from '../../src/activities/blueprints/catalogue.ts';
import { compile } from '../../src/language/index.ts';
import { allPages, fencesOf, root } from './pages.ts';

const fences = allPages().flatMap((page) =>
  fencesOf(page).map((fence, index) => ({ ...fence, name: `${page.path}, block ${index + 1}` })),
);
const complete = fences.filter(({ marks }) => marks.startsWith('complete'));
const ofFiles = fences.flatMap(({ marks, ...fence }) => {
  const [, file] = /\bfile: (\S+)$/.exec(marks) ?? [];
  return file === undefined ? [] : [{ ...fence, file }];
});

test('the pages have blueprints to check', () => {
  expect(complete.length).toBeGreaterThan(2);
  expect(ofFiles.length).toBeGreaterThan(2);
});

test.each(complete)('$name is a blueprint that compiles', async ({ text }) => {
  const { load, exists } = blueprintFiles(join(root, 'blueprints/hello'));
  const { plan, diagnostics } = await compile({
    main: 'snippet.yaml',
    load: (location, from) =>
      from === null ? Promise.resolve({ file: location, text }) : load(location, from),
    exists,
    inputs: null,
  });
  expect(diagnostics).toEqual([]);
  expect(plan).not.toBeNull();
});

test.each(ofFiles)('$name is what is in $file', ({ text, file }) => {
  expect(text).toBe(readFileSync(join(root, file), 'utf8'));
});
