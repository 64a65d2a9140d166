import { join } from 'node:path';
import { digestOf, sourceFolder } from '../toolchain/source.ts';
import type { ImageRecipe } from './ensure.ts';
import { stageFolder } from './stage.ts';

/** What the images are called inside the clusters, too. */
export const serviceAlias = '1';

export function routerImage(): Promise<ImageRecipe> {
  return serviceImage('router');
}

export function loadBalancerImage(): Promise<ImageRecipe> {
  return serviceImage('load-balancer');
}

async function serviceImage(folder: string): Promise<ImageRecipe> {
  const source = sourceFolder(join('images', folder));
  return {
    name: `braid/${folder}`,
    digest: await digestOf(source),
    alias: serviceAlias,
    stage: (stage) => stageFolder(source, stage),
  };
}
