import { basename, dirname, join } from 'node:path';
import { type BlueprintFiles, blueprintFiles } from '../../activities/blueprints/catalogue.ts';
import { folderInMemory, folderOnDisk } from '../../activities/blueprints/folder.ts';
import { pluginsFolder } from '../../connection/plugins-folder.ts';
import type { Load } from '../../language/index.ts';

/** A blueprint to be read, wherever it is. */
export type BlueprintSource = BlueprintFiles & {
  /** What a person calls it. */
  readonly name: string;
  readonly main: string;
  /** What stands before the names of its files where they are shown. */
  readonly folder: string;
  /** The text of one of its files; rejects when there is none. */
  readonly text: (file: string) => Promise<string>;
};

export function sourceOnDisk(path: string): BlueprintSource {
  const folder = dirname(path);
  return {
    ...blueprintFiles(folder, pluginsFolder(process.env)),
    name: path,
    main: basename(path),
    folder,
    text: textsIn(folder),
  };
}

/** The text of a file in a folder on disk; rejects when there is none. */
export function textsIn(folder: string): BlueprintSource['text'] {
  return async (file) => {
    const found = await folderOnDisk(folder).find(file);
    if ('read' in found) return found.read();
    throw new Error(`${file} cannot be read: ${found.reason}`);
  };
}

/** A file of an archive. */
export function sourceInArchive(
  archive: string,
  main: string,
  files: ReadonlyMap<string, string>,
): BlueprintSource {
  return {
    ...blueprintFiles(folderInMemory(files), pluginsFolder(process.env)),
    name: join(archive, main),
    main,
    folder: archive,
    text: async (file) => {
      const text = files.get(file);
      if (text === undefined) throw new Error(`There is no ${file} in ${archive}.`);
      return text;
    },
  };
}

const standardInput = '<stdin>';

/** A text from standard input; what it imports is looked for in the folder where the command runs. */
export function sourceOfText(text: string): BlueprintSource {
  const { load, exists } = blueprintFiles('.', pluginsFolder(process.env));
  const loadText: Load = async (location, importedFrom) =>
    importedFrom === null && location === standardInput
      ? { file: location, text }
      : load(location, importedFrom);
  return {
    load: loadText,
    exists,
    name: standardInput,
    main: standardInput,
    folder: '',
    text: async (file) => (file === standardInput ? text : textsIn('.')(file)),
  };
}
