import { pageAt } from '../docs/printed.ts';

/** Megabytes of the column `at most` in the table of docs/production.md, by what its first column names. */
export function documentedMegabytes(): ReadonlyMap<string, number> {
  const rows = pageAt('docs/production.md').text.matchAll(/^\| `(\w+)` \|[^|]*\| (\d+) MB \|/gm);
  const megabytes = new Map([...rows].map(([, name = '', most]) => [name, Number(most)]));
  if (megabytes.size === 0) throw new Error('docs/production.md has no table of memory.');
  return megabytes;
}
