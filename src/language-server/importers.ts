import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isYaml, type Overlay, readUpTo } from '../activities/blueprints/folder.ts';
import { isBlueprint } from '../editor/problems.ts';

/** More is not looked at: it is only about which blueprints a file may be of. */
const limits = { files: 200, bytes: 1_000_000 } as const;

/**
 * Blueprints that may import a file, directly or not, by path: files of its folder and of those above, up to
 * the editor's own folders, that mention it.
 */
export async function importersOf(
  path: string,
  roots: readonly string[],
  overlay: Overlay,
): Promise<readonly string[]> {
  const texts = await textsAround(path, roots, overlay);
  const found = new Set([path]);
  for (const one of found) {
    for (const [other, text] of texts) if (text.includes(basename(one))) found.add(other);
  }
  found.delete(path);
  return [...found].filter((other) => isBlueprint(texts.get(other) ?? ''));
}

async function textsAround(
  path: string,
  roots: readonly string[],
  overlay: Overlay,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const folder of foldersAbove(dirname(path), roots)) {
    for (const name of await namesIn(folder)) {
      if (texts.size >= limits.files) return texts;
      const file = join(folder, name);
      const text = overlay(file) ?? (await textOf(file));
      if (text !== null) texts.set(file, text);
    }
  }
  return texts;
}

/** The folder and those above it inside of a root; only itself when it is in none. */
function foldersAbove(folder: string, roots: readonly string[]): readonly string[] {
  const root = roots.find((one) => !relative(one, folder).startsWith('..'));
  if (root === undefined) return [folder];
  const folders = [folder];
  for (let at = folder; at !== root && dirname(at) !== at; ) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(isYaml).sort();
}

async function textOf(file: string): Promise<string | null> {
  return readUpTo(dirname(file), basename(file), limits.bytes).catch(() => null);
}
