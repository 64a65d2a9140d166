import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const prefix = 'plugin:';

export function isPlugin(location: string): boolean {
  return location.startsWith(prefix);
}

/** Where `plugin:name` may be in a folder of plugins of one's own, the likelier first. */
export function pathsOfPlugin(location: string): readonly string[] {
  const [file = location] = location.split('?');
  const name = file.slice(prefix.length);
  return [`${name}/plugin.yaml`, `${name}.yaml`];
}

/** The file of `plugin:name` in a folder of plugins of one's own; null: it is none of these. */
export function ownPluginFile(location: string, folder: string | null): string | null {
  if (folder === null || !isPlugin(location)) return null;
  return (
    pathsOfPlugin(location)
      .map((path) => join(folder, path))
      .find((path) => existsSync(path)) ?? null
  );
}

/** What a blueprint may import from a folder of plugins of one's own. */
export async function ownPlugins(folder: string | null): Promise<readonly string[]> {
  if (folder === null) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => {
    if (entry.isFile())
      return entry.name.endsWith('.yaml') ? [`${prefix}${entry.name.slice(0, -'.yaml'.length)}`] : [];
    return existsSync(join(folder, entry.name, 'plugin.yaml')) ? [`${prefix}${entry.name}`] : [];
  });
}
