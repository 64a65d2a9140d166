import type Docker from 'dockerode';
import type { InstallOptions } from '../packages.ts';
import { seconds } from '../report.ts';
import { cacheRoot } from '../state.ts';
import { ensureBase } from './base.ts';
import { buildImage } from './build.ts';
import { hasImage, removeOlder, tagImage } from './engine.ts';
import { withStage } from './stage.ts';

/** What images are made with. */
export type ImageContext = InstallOptions & { readonly engine: Docker };

export type ImageRecipe = {
  /** `braid/machine`. */
  readonly name: string;
  /** Of everything that the image is made of. */
  readonly digest: string;
  /** By which others know it: `latest`. */
  readonly alias: string;
  /** Puts the Dockerfile and all that it copies into the folder. */
  readonly stage: (folder: string, context: ImageContext) => Promise<void>;
};

/** Builds the image unless one of that digest is there. Returns `name:digest`. */
export async function ensureImage(recipe: ImageRecipe, context: ImageContext): Promise<string> {
  const image = `${recipe.name}:${recipe.digest}`;
  if (!(await hasImage(context.engine, image))) {
    const started = Date.now();
    context.note(`${recipe.name}: building the image`);
    const base = await ensureBase(context);
    await withStage(cacheRoot(), async (folder) => {
      await recipe.stage(folder, context);
      await buildImage(context.engine, { folder, image, base });
    });
    await removeOlder(context.engine, recipe.name, [recipe.digest, recipe.alias]);
    context.note(`${recipe.name}: built in ${seconds(Date.now() - started)}`);
  }
  await tagImage(context.engine, image, recipe.alias);
  return image;
}
