import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const namePattern = /^[a-z][a-z0-9-]{0,30}$/;

/** What a lab is called: it names folders, labels and machines, so it is lower case, digits and dashes. */
export function checkLabName(name: string): string {
  if (!namePattern.test(name)) {
    throw new Error(
      `“${name}” cannot name a lab: use a lower-case letter, then up to 30 of a-z, 0-9 and “-”.`,
    );
  }
  return name;
}

/** Where all labs keep what they must remember. */
export function stateRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'braid');
}

/** Where builds and downloads are kept, for all labs and checkouts. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'braid');
}

export function stateFolder(name: string): string {
  return join(stateRoot(), checkLabName(name));
}

/** The names of the labs that have a state folder. */
export async function labNames(): Promise<readonly string[]> {
  const entries = await readdir(stateRoot(), { withFileTypes: true }).catch(nothingThere);
  return entries
    .filter((entry) => entry.isDirectory() && namePattern.test(entry.name))
    .map((entry) => entry.name);
}

/** Reads a JSON file that may be absent or cut short by a crash: both are `undefined`. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes whole or not at all, readable by the owner only. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function nothingThere(error: unknown): never[] {
  if (isMissing(error)) return [];
  throw error;
}
