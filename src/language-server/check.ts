import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { blueprintFiles, catalogueName, cataloguePath } from '../activities/blueprints/catalogue.ts';
import {
  type BlueprintFolder,
  folderInMemory,
  folderOnDisk,
  type Overlay,
} from '../activities/blueprints/folder.ts';
import { ownPluginFile } from '../activities/blueprints/own-plugins.ts';
import type { Diagnostic } from '../contracts/diagnostic.ts';
import { compile, type Memory, type Model } from '../language/index.ts';

/** Where a document is. A document that was never saved has no folder: only the catalogue is beside it. */
export type Location = {
  /** The path of its file, else its address. */
  readonly key: string;
  readonly folder: string | null;
  readonly name: string;
};

export function locationOf(uri: string): Location {
  const path = pathOf(uri);
  if (path === null) return { key: uri, folder: null, name: 'untitled.yaml' };
  return locationAt(path);
}

export function locationAt(path: string): Location {
  return { key: path, folder: dirname(path), name: basename(path) };
}

/** The path of a file's address; null: it is not in the file system of this machine. */
export function pathOf(uri: string): string | null {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : null;
  } catch {
    return null;
  }
}

/** The address of the file or document that has a key. */
export function addressOf(key: string): string {
  return isAbsolute(key) ? pathToFileURL(key).href : key;
}

/** What a blueprint is like now. */
export type Checked = {
  readonly location: Location;
  readonly diagnostics: readonly Diagnostic[];
  readonly model: Model | null;
  /** The keys of the files that were read for it. */
  readonly members: ReadonlySet<string>;
};

/** Compiles the blueprint whose main file is at a place; open documents stand for their files. */
export async function check(
  location: Location,
  overlay: Overlay,
  plugins: string | null,
  memory?: Memory,
): Promise<Checked> {
  const members = new Set<string>();
  const folder = noting(folderOf(location, overlay), (name) => members.add(keyOf(location, name, plugins)));
  const own =
    plugins === null
      ? null
      : noting(folderOnDisk(plugins, overlay), (name) => members.add(join(plugins, name)));
  const { diagnostics, model } = await compile({
    main: location.name,
    ...blueprintFiles(folder, own),
    inputs: null,
    ...(memory === undefined ? {} : { memory }),
  });
  return { location, diagnostics, model, members };
}

export function folderOf({ folder, name, key }: Location, overlay: Overlay): BlueprintFolder {
  return folder === null
    ? folderInMemory(new Map([[name, overlay(key) ?? '']]))
    : folderOnDisk(folder, overlay);
}

/** The key of a file as a blueprint calls it: by its name in the folder, of the catalogue, or of a plugin of one's own. */
export function keyOf({ folder, key }: Location, name: string, plugins: string | null): string {
  const shipped = catalogueName(name);
  if (shipped !== null) return cataloguePath(shipped);
  return ownPluginFile(name, plugins) ?? (folder === null ? key : join(folder, name));
}

function noting(folder: BlueprintFolder, note: (name: string) => void): BlueprintFolder {
  return {
    async find(path) {
      const found = await folder.find(path);
      if (!('name' in found)) return found;
      const read = (): Promise<string> => {
        note(found.name);
        return found.read();
      };
      return { ...found, read };
    },
  };
}
