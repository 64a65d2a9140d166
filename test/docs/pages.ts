import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export type Page = { readonly path: string; readonly text: string };
export type Fence = { readonly language: string; readonly text: string; readonly marks: string };

/** All that a reader reads: the README, docs, and the blueprints' own pages. */
export function allPages(): readonly Page[] {
  const folders = ['docs', 'blueprints'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return ['README.md', ...folders]
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path: relative('.', path), text: readFileSync(join(root, path), 'utf8') }));
}

/** Fenced blocks, indented ones too, with the comment on the line before: `<!-- complete, file: x -->`. */
export function fencesOf({ text }: Page): readonly Fence[] {
  const blocks = text.matchAll(/(?:^<!-- (.*) -->\n)?^( *)```(\w*)\n([\s\S]*?)^\2```$/gm);
  return [...blocks].map(([, marks = '', indent = '', language = '', body = '']) => ({
    language,
    marks,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}
