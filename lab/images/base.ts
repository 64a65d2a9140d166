import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { installPackages, systemPackages } from '../packages.ts';
import { cacheRoot } from '../state.ts';
import { run } from '../toolchain/run.ts';
import { digestOf, sourceFolder } from '../toolchain/source.ts';
import { type AptSettings, aptFiles, hostAptSettings } from './apt.ts';
import { buildImage, imageLabel } from './build.ts';
import { hasImage, removeOlder } from './engine.ts';
import type { ImageContext } from './ensure.ts';
import { follow } from './follow.ts';
import { stageFolder, withStage } from './stage.ts';

/** The usual Debian image: the base of all Dockerfiles in images/. */
const debian = { repo: 'debian', tag: 'bookworm-slim', suite: 'bookworm' } as const;

/**
 * What the lab's images are built on: the usual Debian image with this machine's way to Debian's packages (mirror,
 * proxy), so that apt works there as it does here. Returns `name:digest`.
 */
export async function ensureBase(context: ImageContext): Promise<string> {
  const settings = await hostAptSettings(debian.suite);
  await ensureDebian(context, settings);
  return withStage(cacheRoot(), async (folder) => {
    await stageFolder(sourceFolder('images/base'), folder);
    await mkdir(join(folder, 'apt'));
    for (const [name, content] of Object.entries(await aptFiles(settings))) {
      await writeFile(join(folder, 'apt', name), content);
    }
    const digest = await digestOf(folder);
    const image = `braid/base:${digest}`;
    if (await hasImage(context.engine, image)) return image;
    await buildImage(context.engine, { folder, image, base: `${debian.repo}:${debian.tag}` });
    await removeOlder(context.engine, 'braid/base', [digest]);
    return image;
  });
}

async function ensureDebian(context: ImageContext, settings: AptSettings): Promise<void> {
  const { engine, note } = context;
  const image = `${debian.repo}:${debian.tag}`;
  if (await hasImage(engine, image)) return;
  note(`${image}: pulling it`);
  const refusal = await pull(engine, image);
  if (refusal === undefined) return;
  note(`${image} cannot be pulled (${refusal}): making it of Debian’s packages, about 30 seconds, once`);
  await installPackages([systemPackages.mmdebstrap], context);
  await bootstrap(engine, settings);
}

/** Undefined when it is there then, else why not. */
async function pull(engine: Docker, image: string): Promise<string | undefined> {
  try {
    await follow(engine, await engine.pull(image));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*server error - /, '').trim() : String(error);
  }
}

/** Makes the smallest Debian that apt works on, as the image that could not be pulled. */
async function bootstrap(engine: Docker, settings: AptSettings): Promise<void> {
  await withStage(cacheRoot(), async (folder) => {
    const archive = join(folder, 'debian.tar');
    const sources = join(folder, 'sources.list');
    await writeFile(sources, settings.sources.map((line) => `${line}\n`).join(''));
    await run('mmdebstrap', [
      '--variant=minbase',
      // Without what only converts an old layout of folders, and pulls in all of Perl.
      '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
      '--include=ca-certificates,usr-is-merged',
      ...['man', 'locale', 'doc'].map((part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`),
      '--dpkgopt=path-include=/usr/share/doc/*/copyright',
      ...settings.options.map((option) => `--aptopt=${option}`),
      // This machine's own settings come with the next image.
      '--customize-hook=rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap',
      debian.suite,
      archive,
      ...(settings.sources.length === 0 ? [] : [sources]),
    ]);
    const changes = ['CMD ["bash"]', `LABEL ${imageLabel}=debian`];
    const stream = await engine.importImage(createReadStream(archive), {
      repo: debian.repo,
      tag: debian.tag,
      changes,
    });
    await follow(engine, stream);
  });
}
