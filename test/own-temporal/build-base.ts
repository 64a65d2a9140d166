import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { ensureBase } from '../../lab/images/base.ts';
import { buildImage } from '../../lab/images/build.ts';
import { hasImage } from '../../lab/images/engine.ts';
import { withStage } from '../../lab/images/stage.ts';
import { cacheRoot } from '../../lab/state.ts';
import { digestOf } from '../../lab/toolchain/source.ts';

/**
 * What docs/production.md says to make where the network has mirrors or certificates of its own: the lab's Debian, which
 * has this machine's mirrors, with this machine's certificates.
 */
export async function ensureBuildBase(engine: Docker): Promise<string> {
  const base = await ensureBase({ engine, yes: false, note: () => undefined });
  return withStage(cacheRoot(), async (folder) => {
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    await copyFile('/etc/ssl/certs/ca-certificates.crt', join(folder, 'own.crt'));
    const image = `braid/build-base:${await digestOf(folder, base)}`;
    if (!(await hasImage(engine, image))) await buildImage(engine, { folder, image, base });
    return image;
  });
}

const dockerfile = `ARG BASE
FROM \${BASE}
COPY own.crt /usr/local/share/ca-certificates/
RUN apt-get update \\
    && apt-get install -y --no-install-recommends ca-certificates \\
    && update-ca-certificates \\
    && rm -rf /var/lib/apt/lists/*
`;
