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
  /** Stages of the Dockerfile that the image takes files of, and that are of no use afterwards. */
  readonly passing?: readonly string[];
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
      await withPassing(recipe, { folder, base }, context, () =>
        buildImage(context.engine, { folder, image, base }),
      );
    });
    await removeOlder(context.engine, recipe.name, [recipe.digest, recipe.alias]);
    context.note(`${recipe.name}: built in ${seconds(Date.now() - started)}`);
  }
  await tagImage(context.engine, image, recipe.alias);
  return image;
}

/** Builds those stages under names, by which they and all that they are built of can be removed afterwards. */
async function withPassing(
  { name, digest, passing = [] }: ImageRecipe,
  build: { readonly folder: string; readonly base: string },
  { engine }: ImageContext,
  work: () => Promise<void>,
): Promise<void> {
  try {
    for (const target of passing)
      await buildImage(engine, { ...build, image: `${name}-${target}:${digest}`, target });
    await work();
  } finally {
    for (const target of passing) await removeOlder(engine, `${name}-${target}`, []);
  }
}
