import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOnDisk, isYaml, mostBytes } from '../../activities/blueprints/folder.ts';
import { failure } from '../../contracts/failure.ts';
import { isBlueprint } from '../../editor/problems.ts';
import { type BlueprintSource, sourceInArchive, sourceOfText, sourceOnDisk } from './source.ts';

/** How Cloudify calls the main file of a blueprint. */
const usualName = 'blueprint.yaml';

/** How deep folders are looked through. */
const depth = 4;

/**
 * The blueprints that a path means: a file; an archive; `-` for standard input; a folder for its
 * `blueprint.yaml`, else for every blueprint in it and below. `filename` is another name for the main file.
 * Fails as BlueprintNotFound.
 */
export async function findSources(path: string, filename?: string): Promise<readonly BlueprintSource[]> {
  if (path === '-') return [sourceOfText(await readStandardInput())];
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return inFolder(path, filename);
  if (found?.isFile() !== true) throw failure('BlueprintNotFound', `There is no file ${path}.`);
  return isArchive(path) ? inArchive(path, filename) : [sourceOnDisk(path)];
}

/** No more than what is needed to refuse what is too large. */
async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin) {
    parts.push(Buffer.from(part));
    bytes += part.length;
    if (bytes > mostBytes) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Whether a path is called as archives of blueprints are. */
function isArchive(path: string): boolean {
  return /\.(?:zip|tar|tgz|tar\.gz)$/i.test(path);
}

/** The one blueprint that a path means. Fails as BlueprintNotFound when it may mean several. */
export async function findSource(path: string, filename?: string): Promise<BlueprintSource> {
  const [only, ...others] = await findSources(path, filename);
  if (only === undefined || others.length > 0) {
    const names = [only, ...others].flatMap((one) => one?.name ?? []).join(', ');
    throw failure('BlueprintNotFound', `${path} holds several blueprints; name one of them: ${names}.`);
  }
  return only;
}

async function inArchive(path: string, filename: string | undefined): Promise<readonly BlueprintSource[]> {
  // What reads archives takes time to load, and most commands read none.
  const { readArchive } = await import('./archive.ts');
  const files = await readArchive(path);
  const main = filename ?? usualName;
  if (files.has(main)) return [sourceInArchive(path, main, files)];
  const others = [...files].filter(([name, text]) => isYaml(name) && isBlueprint(text)).map(([name]) => name);
  throw failure('BlueprintNotFound', `There is no ${main} in the archive ${path}.${instead(others)}`);
}

function instead(others: readonly string[]): string {
  return others.length === 0 ? '' : ` It holds ${others.join(', ')}: name one with --blueprint-filename.`;
}

async function inFolder(path: string, filename: string | undefined): Promise<readonly BlueprintSource[]> {
  if (filename !== undefined && !(await isFile(join(path, filename)))) {
    throw failure('BlueprintNotFound', `There is no file ${join(path, filename)}.`);
  }
  const paths = filename === undefined ? await mainsBelow(path, 0) : [join(path, filename)];
  if (paths.length > 0) return paths.map(sourceOnDisk);
  throw failure('BlueprintNotFound', `There is no blueprint in the folder ${path}.`);
}

/** Files that no other file of the folder imports, as far as their names tell. Each is read once; no link is followed. */
async function mainsBelow(folder: string, level: number): Promise<readonly string[]> {
  if (await isFile(join(folder, usualName))) return [join(folder, usualName)];
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith('.'),
  );
  const names = entries
    .filter((one) => one.isFile() && isYaml(one.name))
    .map(({ name }) => name)
    .sort();
  const blueprints: string[] = [];
  const imported = new Set<string>();
  for (const name of names) {
    const text = await textOf(folder, name);
    if (isBlueprint(text)) blueprints.push(name);
    for (const other of importsIn(text)) if (other !== name) imported.add(other);
  }
  const mains = blueprints.filter((name) => !imported.has(name));
  const below: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === 'node_modules' || level >= depth) continue;
    below.push(...(await mainsBelow(join(folder, entry.name), level + 1)));
  }
  return [...mains.map((name) => join(folder, name)), ...below.sort()];
}

async function textOf(folder: string, name: string): Promise<string> {
  const found = await folderOnDisk(folder).find(name);
  return 'read' in found ? found.read() : '';
}

/** Words that a text may have as imports: in a list, with or without a namespace. */
function importsIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const trimmed = line.trimStart();
    if (!trimmed.startsWith('-') && !trimmed.startsWith('imports:')) return [];
    return trimmed.split(/[\s,"'[\]]+/).map(withoutNamespace);
  });
}

function withoutNamespace(word: string): string {
  const name = word.slice(word.lastIndexOf('--') + 1).replace(/^-/, '');
  return name.startsWith('./') ? name.slice(2) : name;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
