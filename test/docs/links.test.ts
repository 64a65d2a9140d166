import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { allPages, root } from './pages.ts';

test.each(allPages().map((page) => [page.path, page] as const))(
  'links of %s lead somewhere',
  (path, page) => {
    const prose = page.text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) =>
      link === undefined ? [] : [link],
    );
    const broken = links.filter((link) => !/^https?:/.test(link) && !resolves(path, link));
    expect(broken).toEqual([]);
  },
);

function resolves(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, from) : join(root, dirname(from), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || (statSync(target).isFile() && anchorsOf(target).has(anchor));
}

/** Anchors written as such, and those that a heading gets. */
function anchorsOf(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8');
  const written = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...written, ...headings]);
}
