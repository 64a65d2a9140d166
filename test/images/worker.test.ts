import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/processes.ts';

const text = (path: string) => readFile(join(root, path), 'utf8');

test('is built with the Node that the checkout has', async () => {
  const { devDependencies } = JSON.parse(await text('package.json'));
  expect(await text('images/worker/fetch-node')).toContain(`\nnode=${devDependencies.node}\n`);
});
