import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { licenceOfText } from './licences.ts';

/** Others’ work that is part of Braid, or of what it is made with. */
export type Dependency = {
  readonly name: string;
  readonly version: string;
  /** As an SPDX expression; null: nobody says. */
  readonly licence: string | null;
};

/** Of a folder’s file `LICENSE`, or however it is called there. */
export async function licenceInFolder(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => /^(licen[cs]e|copying|unlicense)/i.test(each)).sort()) {
    const licence = licenceOfText(await readFile(join(folder, name), 'utf8').catch(() => ''));
    if (licence !== null) return licence;
  }
  return null;
}
