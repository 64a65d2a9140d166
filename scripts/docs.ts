import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedDocs } from './lib/generated-docs.ts';

/** `npm run docs`: writes the pages that are made from code and plugin files. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const [path, text] of await generatedDocs()) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(path);
}
