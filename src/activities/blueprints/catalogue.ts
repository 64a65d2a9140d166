import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from '../../language/load.ts';
import { type BlueprintFolder, folderOnDisk, type FoundFile } from './folder.ts';
import { isPlugin, pathsOfPlugin } from './own-plugins.ts';

/** What ships with Braid, by the name under which a blueprint imports it. */
export const catalogue = {
  'cloudify/types/types.yaml': 'blueprints/types.yaml',
  'plugin:braid-machines': 'machines/plugin.yaml',
  'plugin:braid-routes': 'routes/plugin.yaml',
  'plugin:braid-traffic': 'traffic/plugin.yaml',
  'plugin:braid-deployments': 'deployments/plugin.yaml',
  'plugin:cloudify-kubernetes-plugin': 'kubernetes/plugin.yaml',
  'plugin:cloudify-docker-swarm-plugin': 'swarm/plugin.yaml',
  'plugin:cloudify-host-pool-plugin': 'host-pool/plugin.yaml',
  'plugin:cloudify-fabric-plugin': 'scripts/plugin.yaml',
  'plugin:cloudify-docker-plugin': 'foreign/docker.yaml',
  'plugin:cloudify-utilities-plugin': 'foreign/utilities.yaml',
  'plugin:cloudify-openstack-plugin': 'foreign/openstack.yaml',
} as const satisfies Record<string, string>;

export type CatalogueName = keyof typeof catalogue;

const activities = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The name in the catalogue that an import means, or null when it means a file. */
export function catalogueName(location: string): CatalogueName | null {
  const name = location.split('?')[0] ?? location;
  if (isCatalogueName(name)) return name;
  if (!/^https?:\/\//.test(name)) return null;
  if (name.endsWith('/types.yaml')) return 'cloudify/types/types.yaml';
  if (name.includes('/cloudify-openstack-plugin/')) return 'plugin:cloudify-openstack-plugin';
  return name.includes('/fabric-plugin/') ? 'plugin:cloudify-fabric-plugin' : null;
}

function isCatalogueName(name: string): name is CatalogueName {
  return Object.hasOwn(catalogue, name);
}

/** Where a file of the catalogue is on disk. */
export function cataloguePath(name: CatalogueName): string {
  return join(activities, catalogue[name]);
}

export const cataloguePaths: ReadonlySet<string> = new Set(
  Object.values(catalogue).map((path) => join(activities, path)),
);

/** The text of a file of the catalogue. */
export async function readCatalogue(name: CatalogueName): Promise<string> {
  return readFile(cataloguePath(name), 'utf8');
}

export type BlueprintFiles = {
  readonly load: Load;
  /** Whether a path is a file in the folder. */
  readonly exists: (path: string) => Promise<boolean>;
};

/**
 * Reads a blueprint's files and what they import: from the blueprint's folder, the catalogue and a folder of
 * plugins of one's own, and from nowhere else. A text is the path of a folder on disk.
 */
export function blueprintFiles(
  where: string | BlueprintFolder,
  plugins: string | BlueprintFolder | null = null,
): BlueprintFiles {
  const folder = typeof where === 'string' ? folderOnDisk(where) : where;
  const own = typeof plugins === 'string' ? folderOnDisk(plugins) : plugins;
  return {
    load: async (location, importedFrom) => {
      const name = catalogueName(location);
      if (name !== null) return { file: name, text: await readCatalogue(name), catalogue: true };
      if (isPlugin(location)) return loadPlugin(location, own);
      return refusal(location) ?? loadFile(folder, location, importedFrom);
    },
    exists: async (path) => 'name' in (await folder.find(path)),
  };
}

async function loadPlugin(location: string, plugins: BlueprintFolder | null): Promise<LoadResult> {
  const [file = location] = location.split('?');
  for (const path of pathsOfPlugin(location)) {
    const found = await plugins?.find(path);
    if (found !== undefined && 'name' in found) return { file, text: await found.read() };
  }
  const known = Object.keys(catalogue).filter(isPlugin);
  const own =
    plugins === null
      ? 'BRAID_PLUGINS names a folder of your own ones'
      : 'none in the folder of BRAID_PLUGINS';
  return { reason: `there is no such plugin; there are ${known.join(', ')}; ${own}.` };
}

function refusal(location: string): LoadResult | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) {
    return { reason: 'nothing is fetched from a network; put the file into the blueprint’s folder.' };
  }
  if (location.startsWith('blueprint:')) {
    return { reason: 'a blueprint cannot be imported by its id; put its file into the folder.' };
  }
  return null;
}

/** A path counts from the file that imports, else from the folder. */
async function loadFile(
  folder: BlueprintFolder,
  location: string,
  importedFrom: string | null,
): Promise<LoadResult> {
  const beside = importedFrom === null ? location : posix.join(posix.dirname(importedFrom), location);
  let result: FoundFile = { reason: '' };
  for (const path of new Set([beside, location])) {
    result = await folder.find(path);
    if ('name' in result) return { file: result.name, text: await result.read() };
  }
  return result;
}
