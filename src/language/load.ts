import type { Reporter } from './diagnostics/reporter.ts';
import { isBaseTypes } from './sections/base-types.ts';
import { type Import, readImports } from './sections/imports.ts';
import { delimiter, prefixNames } from './sections/namespaces.ts';
import { newestVersion, readVersion, requireVersion } from './sections/version.ts';
import { checkAscii } from './source/ascii.ts';
import type { MapNode, Node } from './source/node.ts';
import { type Place, type SourceFile, sourceFile, startOf } from './source/place.ts';
import { type Memory, noMemory } from './source/memory.ts';
import { readYaml } from './source/read.ts';

/**
 * Finds the text of an import. `importedFrom`: the `file` of the file that has it, null for main.
 * `file` is how the file is called in diagnostics; two imports with the same `file` are the same file.
 */
export type Load = (location: string, importedFrom: string | null) => Promise<LoadResult>;
export type LoadResult =
  | { readonly file: string; readonly text: string /** Ships with Braid. */; readonly catalogue?: boolean }
  | { readonly reason: string };

export type LoadedFile = {
  readonly root: Node;
  readonly version: number | null;
  /** What the import gives for the properties of the file's plugins. */
  readonly properties: MapNode | null;
};
export type Loaded = {
  /** Main first. */
  readonly files: readonly LoadedFile[];
  /** Ids of the blueprints that are imported, by namespace. */
  readonly blueprints: ReadonlyMap<string, string>;
};

/** What imports may lead to: how many are followed, and what they bring; a file in two namespaces counts twice. */
const limits = { imports: 10_000, files: 1_000, characters: 40_000_000, namespaces: 20 } as const;

type Strictness = { readonly compat: boolean; readonly checksVersions: boolean };

/** Reads main and everything it imports, breadth first; a circle of imports is harmless. */
export async function loadFiles(
  main: string,
  load: Load,
  strictness: Strictness,
  reporter: Reporter,
  memory: Memory = noMemory,
): Promise<Loaded> {
  const loading: Loading = {
    load,
    compat: strictness.compat,
    reporter,
    memory,
    sources: new Map(),
    seen: new Set(),
    blueprints: new Map(),
    version: newestVersion,
  };
  const files: LoadedFile[] = [];
  const loaded = { imports: 0, characters: 0 };
  const queue: Wanted[] = [
    { location: main, namespace: '', own: '', parent: '', importedFrom: null, properties: null, at: null },
  ];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    loaded.imports += 1;
    const file = loaded.imports > limits.imports ? null : await loadFile(next, loading);
    loaded.characters += file?.root.at.file.text.length ?? 0;
    const problem = tooMuch(next, files.length, loaded);
    if (problem !== null) {
      reporter.report('too-many-imports', placeOf(next), problem);
      break;
    }
    if (file === null) continue;
    if (files.length === 0) loading.version = file.version ?? newestVersion;
    const { version } = file;
    files.push({ root: prefixNames(file.root, file.namespace), version, properties: next.properties });
    const whole = files.length === 1 || next.location.startsWith(blueprintPrefix);
    for (const one of readImports(file.root, whole, reporter)) queue.push(wantedBy(one, file));
  }
  const [first, ...imported] = files;
  if (first !== undefined) requireVersion(first.root, reporter);
  if (strictness.checksVersions) checkVersions(first, imported, reporter);
  return { files, blueprints: loading.blueprints };
}

function tooMuch(
  { namespace }: Wanted,
  files: number,
  loaded: { readonly imports: number; readonly characters: number },
): string | null {
  if (namespace.split(delimiter).length > limits.namespaces) {
    return `Imports lead to more than ${limits.namespaces} namespaces within each other.`;
  }
  const fits =
    loaded.imports <= limits.imports && files < limits.files && loaded.characters <= limits.characters;
  return fits ? null : `Imports lead to more than ${limits.files} files or ${limits.characters} characters.`;
}

type Wanted = {
  readonly location: string;
  readonly namespace: string;
  /** The last part of the namespace, from the import itself. */
  readonly own: string;
  /** The namespace of the file that imports. */
  readonly parent: string;
  readonly importedFrom: SourceFile | null;
  readonly properties: MapNode | null;
  readonly at: Place | null;
};
type Source = { readonly root: Node | null; readonly version: number | null };
type Loading = {
  readonly load: Load;
  readonly compat: boolean;
  readonly reporter: Reporter;
  readonly memory: Memory;
  /** By name: a file is read once, however often it is imported. */
  readonly sources: Map<string, Source>;
  readonly seen: Set<string>;
  readonly blueprints: Map<string, string>;
  /** Of main. */
  version: number;
};

function wantedBy(one: Import, file: { readonly root: Node; readonly namespace: string }): Wanted {
  const namespace = [file.namespace, one.namespace].filter((part) => part !== '').join(delimiter);
  const { location, properties, at } = one;
  const importedFrom = file.root.at.file;
  return { location, namespace, own: one.namespace, parent: file.namespace, importedFrom, properties, at };
}

async function loadFile(wanted: Wanted, loading: Loading) {
  const { reporter } = loading;
  noteBlueprint(wanted, loading);
  const result = await find(wanted, loading);
  if ('reason' in result) {
    const message = `\`${wanted.location}\` cannot be imported: ${result.reason}`;
    reporter.report('import-not-found', placeOf(wanted), message);
    return null;
  }
  // The catalogue's names mean the same everywhere.
  const namespace = result.catalogue === true ? '' : wanted.namespace;
  if (wanted.at !== null && !loading.sources.has(result.file)) reporter.imported(result.file, wanted.at);
  const key = `${namespace}\0${result.file}`;
  const { root, version } = loading.sources.get(result.file) ?? readSource(result, loading);
  if (root !== null && wanted.location.startsWith(blueprintPrefix)) requireVersion(root, reporter);
  const base = root !== null && isBaseTypes(root);
  if (base && wanted.namespace !== '' && wanted.namespace !== wanted.parent) {
    const message = `\`${wanted.location}\` has names that mean the same everywhere: import it without a namespace.`;
    reporter.report('namespace-of-base-types', placeOf(wanted), message);
  }
  if (loading.seen.has(key)) return null;
  loading.seen.add(key);
  return root === null ? null : { root, version, namespace: base ? '' : namespace };
}

function placeOf(wanted: Wanted): Place {
  return wanted.at ?? startOf(sourceFile(wanted.location, 0, '', false));
}

/** Of a file there may be one for each DSL version, `types_1_4.yaml`, and that of main is taken. */
async function find(wanted: Wanted, { load, version }: Loading): Promise<LoadResult> {
  const from = wanted.importedFrom?.name ?? null;
  const plain = await load(wanted.location, from);
  const extension = /\.[^./]+$/.exec(wanted.location)?.[0];
  const shipped = 'text' in plain && plain.catalogue === true;
  if (from === null || extension === undefined || shipped || wanted.location.includes(':')) return plain;
  const stem = wanted.location.slice(0, -extension.length);
  const exact = await load(`${stem}_1_${version}${extension}`, from);
  return 'text' in exact ? exact : plain;
}

const blueprintPrefix = 'blueprint:';

function noteBlueprint(wanted: Wanted, { blueprints, reporter }: Loading): void {
  if (!wanted.location.startsWith(blueprintPrefix)) return;
  const id = wanted.location.slice(blueprintPrefix.length);
  if (wanted.namespace === '') {
    const message = `\`${wanted.location}\` is imported without a namespace.`;
    reporter.report('blueprint-without-namespace', placeOf(wanted), message);
  } else if ((blueprints.get(wanted.namespace) ?? id) !== id) {
    const message = `The namespace \`${wanted.namespace}\` is already that of another blueprint.`;
    reporter.report('namespace-taken', placeOf(wanted), message);
  }
  blueprints.set(wanted.namespace, id);
}

function readSource(
  result: { readonly file: string; readonly text: string; readonly catalogue?: boolean },
  loading: Loading,
): Source {
  const file = sourceFile(result.file, loading.sources.size, result.text, result.catalogue ?? false);
  const root = readYaml(file, loading.reporter, loading.memory);
  if (loading.compat && root !== null && !file.catalogue) checkAscii(root, loading.reporter);
  const source = { root, version: root === null ? null : readVersion(root, loading.reporter) };
  loading.sources.set(result.file, source);
  return source;
}

function checkVersions(
  main: LoadedFile | undefined,
  imported: readonly LoadedFile[],
  reporter: Reporter,
): void {
  for (const { root, version } of imported) {
    if (version === null || main === undefined || main.version === null || version <= main.version) continue;
    if (root.at.file.catalogue || root.kind !== 'map') continue;
    const at = root.entries.get('tosca_definitions_version')?.value.at ?? root.at;
    const message = `This file is cloudify_dsl_1_${version}, but the blueprint is cloudify_dsl_1_${main.version}.`;
    reporter.report('newer-import', at, message);
  }
}
