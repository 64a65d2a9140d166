import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';

export async function hasImage(engine: Docker, image: string): Promise<boolean> {
  try {
    await engine.getImage(image).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Gives an image a further tag in its repository, or another name (`repository:tag`). */
export async function tagImage(engine: Docker, image: string, alias: string): Promise<void> {
  const colon = alias.lastIndexOf(':');
  const repo = colon < 0 ? image.slice(0, image.lastIndexOf(':')) : alias.slice(0, colon);
  await engine.getImage(image).tag({ repo, tag: alias.slice(colon + 1) });
}

/** Writes images under these names, their common layers once, to an archive that `docker load` and `ctr images import` read. */
export async function saveImages(engine: Docker, names: readonly string[], file: string): Promise<void> {
  const archive = await new Promise<Readable>((resolve, reject) => {
    engine.modem.dial(
      { path: '/images/get?', method: 'GET', options: { names }, isStream: true, statusCodes: { 200: true } },
      (error, stream) => {
        if (stream instanceof Readable) resolve(stream);
        else reject(error instanceof Error ? error : new Error(`${names.join(', ')} cannot be saved`));
      },
    );
  });
  await pipeline(archive, createWriteStream(file));
}

/** Removes the repository's other tags, as far as no container uses them. */
export async function removeOlder(engine: Docker, name: string, keep: readonly string[]): Promise<void> {
  const images = await engine.listImages({ filters: { reference: [name] } });
  const tags = images.flatMap((image) => image.RepoTags ?? []);
  for (const tag of tags.filter((candidate) => !keep.includes(candidate.slice(name.length + 1)))) {
    await engine.getImage(tag).remove().catch(unlessUsed);
  }
}

function unlessUsed(error: unknown): void {
  const status = statusOf(error);
  if (status !== 404 && status !== 409) throw error;
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}
