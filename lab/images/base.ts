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

/** Made of Debian’s packages, which Debian signs: the base of all Dockerfiles in images/. */
const debian = { repo: 'braid/debian', tag: 'bookworm', suite: 'bookworm' } as const;

/**
 * What the lab's images are built on: Debian, or what BRAID_BASE names instead, with this machine's way to Debian's
 * packages (mirror, proxy), so that apt works there as it does here. Returns `name:digest`.
 */
export async function ensureBase(context: ImageContext): Promise<string> {
  const settings = await hostAptSettings(debian.suite);
  for (const remark of settings.remarks) context.note(remark);
  const named = namedBase(process.env);
  const base = named ?? `${debian.repo}:${debian.tag}`;
  if (named === undefined) await ensureDebian(context, base, settings);
  else await ensureNamed(context, named);
  return withStage(cacheRoot(), async (folder) => {
    await stageFolder(sourceFolder('images/base'), folder);
    await mkdir(join(folder, 'apt'));
    for (const [name, content] of Object.entries(await aptFiles(settings))) {
      await writeFile(join(folder, 'apt', name), content);
    }
    const digest = await digestOf(folder, base);
    const image = `braid/base:${digest}`;
    if (await hasImage(context.engine, image)) return image;
    await buildImage(context.engine, { folder, image, base });
    await removeOlder(context.engine, 'braid/base', [digest]);
    return image;
  });
}

async function ensureDebian(context: ImageContext, image: string, settings: AptSettings): Promise<void> {
  if (await hasImage(context.engine, image)) return;
  context.note(`${image}: making it of Debian’s packages, about 30 seconds, once`);
  await installPackages([systemPackages.mmdebstrap], context);
  await bootstrap(context.engine, settings);
}

/** A name without a digest is that of an image which is here already: what it would get elsewhere, nobody knows. */
async function ensureNamed({ engine, note }: ImageContext, image: string): Promise<void> {
  if (await hasImage(engine, image)) return;
  if (!isPinned(image)) throw new Error(unpinned(image));
  note(`${image}: pulling it`);
  await follow(engine, await engine.pull(image));
}

/** The image that BRAID_BASE names; undefined: none. */
export function namedBase({ BRAID_BASE: image }: NodeJS.ProcessEnv): string | undefined {
  return image === undefined || image === '' ? undefined : image;
}

/** Whether it is told by a sum of what it is, and not by a name that may mean another tomorrow. */
export function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

function unpinned(image: string): string {
  return `BRAID_BASE: ${image} is not on this engine, and it is pulled by its digest alone: name it as ${image.split('@')[0] ?? image}@sha256:…, or leave BRAID_BASE out to have it made of Debian’s packages.`;
}

/** Makes the smallest Debian that apt works on. */
async function bootstrap(engine: Docker, settings: AptSettings): Promise<void> {
  await withStage(cacheRoot(), async (folder) => {
    const archive = join(folder, 'debian.tar');
    const sources = join(folder, 'sources.list');
    await writeFile(sources, settings.sources.map((line) => `${line}\n`).join(''));
    const options = { env: settings.proxies };
    const args = [
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
    ];
    await run('mmdebstrap', args, options);
    const changes = ['CMD ["bash"]', `LABEL ${imageLabel}=debian`];
    const stream = await engine.importImage(createReadStream(archive), {
      repo: debian.repo,
      tag: debian.tag,
      changes,
    });
    await follow(engine, stream);
  });
}
