import { chmod, mkdir } from 'node:fs/promises';
import { storing } from './whole-file.ts';

/** Makes a folder of the store, or closes one that others may look into: the owner alone may. Fails as StoreFailed. */
export async function privateFolder(folder: string): Promise<void> {
  await storing(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  });
}
