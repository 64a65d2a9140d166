import { digestOf, sourceFolder } from '../toolchain/source.ts';
import type { ImageRecipe } from './ensure.ts';
import { stageFolder } from './stage.ts';

/** QEMU and the disk of a Debian with a kernel of its own. */
export async function virtualMachineImage(): Promise<ImageRecipe> {
  const source = sourceFolder('images/virtual-machine');
  return {
    name: 'braid/virtual-machine',
    digest: await digestOf(source),
    alias: 'latest',
    stage: (folder) => stageFolder(source, folder),
    passing: ['guest', 'disk'],
  };
}
