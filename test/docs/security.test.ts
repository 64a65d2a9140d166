import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/processes.ts';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!Braid promises|With a payload key Braid promises)/.test(line));

test('docs/security.md has promises', () => {
  expect(rows.length).toBeGreaterThan(30);
});

test.each(rows)('%s is shown by tests that are there', (row) => {
  const shownBy = row.split('|').at(-2) ?? '';
  const named = [...shownBy.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

function isThere(name: string): boolean {
  const script = /^npm run (\S+)/.exec(name)?.[1];
  return script === undefined ? existsSync(join(root, name)) : scripts.includes(script);
}
