import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from '../../language/load.ts';

/** What ships with Braid, by the name under which a blueprint imports it. */
export const catalogue = {
  'cloudify/types/types.yaml': 'blueprints/types.yaml',
  'plugin:braid-machines': 'machines/plugin.yaml',
  'plugin:braid-routes': 'routes/plugin.yaml',
  'plugin:braid-traffic': 'traffic/plugin.yaml',
  'plugin:braid-deployments': 'deployments/plugin.yaml',
  'plugin:cloudify-kubernetes-plugin': 'kubernetes/plugin.yaml',
  'plugin:cloudify-docker-swarm-plugin': 'swarm/plugin.yaml',
  'plugin:cloudify-fabric-plugin': 'scripts/plugin.yaml',
} as const satisfies Record<string, string>;

export type CatalogueName = keyof typeof catalogue;

const activities = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The name in the catalogue that an import means, or null when it means a file. */
export function catalogueName(location: string): CatalogueName | null {
  const name = location.split('?')[0] ?? location;
  if (isCatalogueName(name)) return name;
  if (!/^https?:\/\//.test(name)) return null;
  if (name.endsWith('/types.yaml')) return 'cloudify/types/types.yaml';
  return name.includes('/fabric-plugin/') ? 'plugin:cloudify-fabric-plugin' : null;
}

function isCatalogueName(name: string): name is CatalogueName {
  return Object.hasOwn(catalogue, name);
}

/** The text of a file of the catalogue. */
export async function readCatalogue(name: CatalogueName): Promise<string> {
  return readFile(join(activities, catalogue[name]), 'utf8');
}

export type BlueprintFiles = {
  readonly load: Load;
  /** Whether a path is a file in the folder. */
  readonly exists: (path: string) => Promise<boolean>;
};

/**
 * Reads a blueprint's files and what they import: from the blueprint's folder and the catalogue, and from
 * nowhere else. A path or a symbolic link that leads out of the folder is refused.
 */
export function blueprintFiles(folder: string): BlueprintFiles {
  return {
    load: async (location, importedFrom) => {
      const name = catalogueName(location);
      if (name !== null) return { file: name, text: await readCatalogue(name), catalogue: true };
      return refusal(location) ?? loadFile(folder, location, importedFrom);
    },
    exists: async (path) => (await find(folder, path)).kind === 'file',
  };
}

function refusal(location: string): LoadResult | null {
  if (location.startsWith('plugin:')) {
    const plugins = Object.keys(catalogue).filter((name) => name.startsWith('plugin:'));
    return { reason: `there is no such plugin; there are ${plugins.join(', ')}.` };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) {
    return { reason: 'nothing is fetched from a network; put the file into the blueprint’s folder.' };
  }
  if (location.startsWith('blueprint:')) {
    return { reason: 'a blueprint cannot be imported by its id; put its file into the folder.' };
  }
  return null;
}

/** A path counts from the file that imports, else from the folder. */
async function loadFile(folder: string, location: string, importedFrom: string | null): Promise<LoadResult> {
  const beside = importedFrom === null ? location : posix.join(posix.dirname(importedFrom), location);
  let result: Found = { kind: 'none', reason: '' };
  for (const path of new Set([beside, location])) {
    result = await find(folder, path);
    if (result.kind === 'file') return { file: result.name, text: await readFile(result.path, 'utf8') };
  }
  return { reason: result.reason };
}

type Found =
  | { readonly kind: 'file'; readonly name: string; readonly path: string }
  | { readonly kind: 'none'; readonly reason: string };

async function find(folder: string, path: string): Promise<Found> {
  const name = normalize(path).split(sep).join('/');
  const outside = { kind: 'none', reason: 'the path leads out of the blueprint’s folder.' } as const;
  if (path.includes('\0') || isAbsolute(path) || leadsOut(name)) return outside;
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, name));
    if (leadsOut(relative(root, real))) return outside;
    if (!(await stat(real)).isFile()) return { kind: 'none', reason: 'it is not a file.' };
    return { kind: 'file', name, path: real };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { kind: 'none', reason: 'there is no such file in the blueprint’s folder or the catalogue.' };
  }
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || path.startsWith('../') || isAbsolute(path);
}

const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'];

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && missing.includes(String(error.code));
}
