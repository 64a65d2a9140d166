import { rm } from 'node:fs/promises';
import type Docker from 'dockerode';
import { answeringEngine } from './engine/connect.ts';
import { imageLabel } from './images/build.ts';
import { cacheRoot } from './state.ts';

/** Removes what all labs share: the builds, and the images that no container uses. */
export async function removeCache(): Promise<void> {
  const engine = await answeringEngine();
  if (engine !== undefined) await removeImages(engine);
  await rm(cacheRoot(), { recursive: true, force: true });
}

async function removeImages(engine: Docker): Promise<void> {
  // Images go after those that are built on them: the youngest first.
  const images = await engine.listImages({ filters: { label: [imageLabel] } });
  for (const image of images.toSorted((one, other) => other.Created - one.Created)) {
    for (const name of image.RepoTags ?? [image.Id]) {
      await engine
        .getImage(name)
        .remove()
        .catch((error: unknown) => {
          const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
          if (status !== 404 && status !== 409) throw error;
        });
    }
  }
}
