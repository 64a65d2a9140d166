import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Dependency, licenceInFolder } from './dependency.ts';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string(), license: z.string().optional() })),
});

/** The npm packages of the lock file, those of other platforms too. */
export async function npmPackages(root: string): Promise<readonly Dependency[]> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const others = Object.entries(packages).filter(([path]) => path !== '');
  return Promise.all(
    others.map(async ([path, { version, license }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license ?? (await licenceInFolder(join(root, path))),
    })),
  );
}
