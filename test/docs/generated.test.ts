import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generatedDocs } from '../../scripts/lib/generated-docs.ts';

test('the pages that are made from code are as the code makes them', async () => {
  for (const [path, text] of await generatedDocs()) {
    const committed = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
    expect(committed, `${path} is out of date: npm run docs`).toBe(text);
  }
});
