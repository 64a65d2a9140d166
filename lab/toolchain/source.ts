import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository's own sources of that path, e.g. `lab/kubernetes`. */
export function sourceFolder(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/**
 * A digest, 12 hexadecimal digits, of everything in a folder (names, contents, whether executable) and of further
 * inputs. The same files give the same digest wherever they are and whenever they were written.
 */
export async function digestOf(folder: string, ...inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(folder)) {
    const path = join(folder, file);
    const executable = ((await stat(path)).mode & 0o100) !== 0;
    const content = await readFile(path);
    hash.update(JSON.stringify([file, executable, content.length])).update(content);
  }
  return hash.update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
}

/** The files below a folder, sorted by path. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .sort();
}
