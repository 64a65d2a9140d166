import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { catalogue } from '../activities/blueprints/catalogue.ts';
import { isYaml } from '../activities/blueprints/folder.ts';
import { ownPlugins } from '../activities/blueprints/own-plugins.ts';

/** More is not offered. */
const limits = { files: 500, depth: 4 } as const;

export type Nearby = { readonly imports: readonly string[]; readonly scripts: readonly string[] };

/** What a file in a folder may import, and which files there may be scripts. `plugins`: the folder of one's own. */
export async function nearby(folder: string | null, plugins: string | null): Promise<Nearby> {
  const files = folder === null ? [] : await filesBelow(folder, folder, 0);
  return {
    imports: [...Object.keys(catalogue), ...(await ownPlugins(plugins)), ...files.filter(isYaml)],
    scripts: files.filter((name) => !isYaml(name)),
  };
}

async function filesBelow(folder: string, root: string, depth: number): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) files.push(relative(root, path));
    else if (entry.isDirectory() && depth < limits.depth)
      files.push(...(await filesBelow(path, root, depth + 1)));
    if (files.length >= limits.files) break;
  }
  return files.slice(0, limits.files);
}
