import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureKubernetes } from '../toolchain/kubernetes.ts';
import { digestOf, sourceFolder } from '../toolchain/source.ts';
import { saveImages } from './engine.ts';
import type { ImageContext, ImageRecipe } from './ensure.ts';
import { kubernetesDigest, saveKubernetesImages } from './kubernetes.ts';
import { serviceAlias } from './services.ts';
import { stageFile, stageFolder } from './stage.ts';

/** The machine, with Kubernetes on it and archives of the images that its clusters run: `services` as `name:digest`. */
export async function machineImage(services: readonly string[]): Promise<ImageRecipe> {
  const source = sourceFolder('images/machine');
  return {
    name: 'braid/machine',
    digest: await digestOf(source, await kubernetesDigest(), ...services),
    alias: 'latest',
    async stage(folder, context) {
      await stageFolder(source, folder);
      const kubernetes = await ensureKubernetes(context.note);
      await stageFile(kubernetes, join(folder, 'kubernetes/kubernetes'), ['kubelet', 'kubeadm', 'kubectl']);
      await stageArchives(join(folder, 'archives'), services, context);
    },
  };
}

async function stageArchives(
  folder: string,
  services: readonly string[],
  context: ImageContext,
): Promise<void> {
  await mkdir(folder);
  await saveKubernetesImages(context, join(folder, 'kubernetes.tar'));
  for (const image of services) {
    const name = image.slice(0, image.lastIndexOf(':'));
    const file = `${name.slice(name.lastIndexOf('/') + 1)}.tar`;
    await saveImages(context.engine, [`${name}:${serviceAlias}`], join(folder, file));
  }
}
