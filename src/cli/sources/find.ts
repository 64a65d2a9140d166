import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isYaml, mostBytes } from '../../activities/blueprints/folder.ts';
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

/** Files that no other file of the folder imports, as far as their names tell. */
async function mainsBelow(folder: string, level: number): Promise<readonly string[]> {
  if (await isFile(join(folder, usualName))) return [join(folder, usualName)];
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith('.'),
  );
  const names = entries
    .filter((one) => one.isFile() && isYaml(one.name))
    .map(({ name }) => name)
    .sort();
  const texts = new Map<string, string>();
  for (const name of names) texts.set(name, await readFile(join(folder, name), 'utf8'));
  const mains = names.filter((name) => {
    const importing = [...texts].some(([other, text]) => other !== name && imports(text, name));
    return isBlueprint(texts.get(name) ?? '') && !importing;
  });
  const below: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === 'node_modules' || level >= depth) continue;
    below.push(...(await mainsBelow(join(folder, entry.name), level + 1)));
  }
  return [...mains.map((name) => join(folder, name)), ...below.sort()];
}

/** Whether the text has the name as an import: in a list, with or without a namespace. */
function imports(text: string, name: string): boolean {
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`^\s*(?:imports:\s*\[.*|-\s*)["']?(?:\.\/|[\w.-]+--)?${pattern}\b`, 'm').test(
    text,
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
