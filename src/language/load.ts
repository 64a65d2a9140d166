import type { Reporter } from './diagnostics/reporter.ts';
import { readImports } from './sections/imports.ts';
import { prefixNames } from './sections/namespaces.ts';
import { readVersion, requireVersion } from './sections/version.ts';
import type { Node } from './source/node.ts';
import { type Place, type SourceFile, sourceFile, startOf } from './source/place.ts';
import { readYaml } from './source/read.ts';

/**
 * Finds the text of an import. `importedFrom`: the `file` of the file that has it, null for main.
 * `file` is how the file is called in diagnostics; two imports with the same `file` are the same file.
 */
export type Load = (location: string, importedFrom: string | null) => Promise<LoadResult>;
export type LoadResult =
  | { readonly file: string; readonly text: string /** Ships with Braid. */; readonly catalogue?: boolean }
  | { readonly reason: string };

export type LoadedFile = { readonly root: Node; readonly version: number | null };

/** Reads main and everything it imports, breadth first; a circle of imports is harmless. */
export async function loadFiles(
  main: string,
  load: Load,
  reporter: Reporter,
): Promise<readonly LoadedFile[]> {
  const loading: Loading = { load, reporter, sources: new Map(), seen: new Set() };
  const files: LoadedFile[] = [];
  const queue: Wanted[] = [{ location: main, namespace: '', own: '', importedFrom: null, at: null }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const file = await loadFile(next, loading);
    if (file === null) continue;
    files.push({ root: prefixNames(file.root, file.namespace), version: file.version });
    for (const one of readImports(file.root, reporter)) {
      const namespace = [file.namespace, one.namespace].filter((part) => part !== '').join('--');
      queue.push({
        location: one.location,
        namespace,
        own: one.namespace,
        importedFrom: file.root.at.file,
        at: one.at,
      });
    }
  }
  checkVersions(files, reporter);
  return files;
}

type Wanted = {
  readonly location: string;
  readonly namespace: string;
  /** The last part of the namespace, from the import itself. */
  readonly own: string;
  readonly importedFrom: SourceFile | null;
  readonly at: Place | null;
};
type Source = { readonly root: Node | null; readonly version: number | null };
type Loading = {
  readonly load: Load;
  readonly reporter: Reporter;
  /** By name: a file is read once, however often it is imported. */
  readonly sources: Map<string, Source>;
  readonly seen: Set<string>;
};

async function loadFile(wanted: Wanted, loading: Loading) {
  const result = await loading.load(wanted.location, wanted.importedFrom?.name ?? null);
  if ('reason' in result) {
    const at = wanted.at ?? startOf(sourceFile(wanted.location, 0, '', false));
    loading.reporter.report(
      'import-not-found',
      at,
      `\`${wanted.location}\` cannot be imported: ${result.reason}`,
    );
    return null;
  }
  if (result.catalogue === true && wanted.own !== '' && !wanted.location.startsWith('plugin:')) {
    const message = `\`${wanted.location}\` has names that mean the same everywhere: import it without a namespace.`;
    loading.reporter.report(
      'invalid-namespace',
      wanted.at ?? startOf(sourceFile(wanted.location, 0, '', false)),
      message,
    );
  }
  // The catalogue's names mean the same everywhere.
  const namespace = result.catalogue === true ? '' : wanted.namespace;
  const key = `${namespace}\0${result.file}`;
  if (loading.seen.has(key)) return null;
  loading.seen.add(key);
  const { root, version } = loading.sources.get(result.file) ?? readSource(result, loading);
  return root === null ? null : { root, version, namespace };
}

function readSource(
  result: { readonly file: string; readonly text: string; readonly catalogue?: boolean },
  loading: Loading,
): Source {
  const file = sourceFile(result.file, loading.sources.size, result.text, result.catalogue ?? false);
  const root = readYaml(file, loading.reporter);
  const source = { root, version: root === null ? null : readVersion(root, loading.reporter) };
  loading.sources.set(result.file, source);
  return source;
}

function checkVersions(files: readonly LoadedFile[], reporter: Reporter): void {
  const [main, ...imported] = files;
  if (main === undefined) return;
  requireVersion(main.root, reporter);
  for (const { root, version } of imported) {
    if (version === null || main.version === null || version <= main.version) continue;
    if (root.at.file.catalogue || root.kind !== 'map') continue;
    const at = root.entries.get('tosca_definitions_version')?.value.at ?? root.at;
    const message = `This file is cloudify_dsl_1_${version}, but the blueprint is cloudify_dsl_1_${main.version}.`;
    reporter.report('newer-import', at, message);
  }
}
