import { dirname, join } from 'node:path';
import { digestOf, sourceFolder } from '../toolchain/source.ts';
import type { ImageRecipe } from './ensure.ts';
import { stageFile, stageFolder } from './stage.ts';

/** What both kinds of machine have: who may log in and how, and the unit that runs the userdata. */
const shared = [
  'etc/ssh/sshd_config.d/braid.conf',
  'etc/systemd/system/braid-userdata.service',
  'usr/local/sbin/braid-userdata',
];

/** QEMU and the disk of a Debian with a kernel of its own. */
export async function virtualMachineImage(): Promise<ImageRecipe> {
  const source = sourceFolder('images/virtual-machine');
  const machine = sourceFolder('images/machine/files');
  return {
    name: 'braid/virtual-machine',
    digest: await digestOf(
      source,
      ...(await Promise.all(shared.map((file) => digestOf(join(machine, dirname(file)))))),
    ),
    alias: 'latest',
    async stage(folder) {
      await stageFolder(source, folder);
      for (const file of shared) await stageFile(join(machine, file), join(folder, 'guest', file));
    },
    passing: ['guest', 'disk'],
  };
}
