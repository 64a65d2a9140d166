import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type Docker from 'dockerode';
import { type Proxies, secretAptProxies } from './apt.ts';
import { follow } from './follow.ts';
import { reasonOf } from '../../src/contracts/reason.ts';

/** By which an image is known as the lab's; its value is the image's name. */
export const imageLabel = 'io.braid.image';

export type ImageBuild = {
  /** With the Dockerfile. */
  readonly folder: string;
  /** `name:tag`. */
  readonly image: string;
  /** What the Dockerfile's argument BASE becomes. */
  readonly base: string;
  /** A stage of the Dockerfile; default the last. */
  readonly target?: string;
};

/** Builds an image on the engine; the error holds the end of what the failed step printed. */
export async function buildImage(engine: Docker, build: ImageBuild): Promise<void> {
  // Before what is packed flows: it waits for nobody.
  const buildargs = { BASE: build.base, ...proxies(), ...(await secretAptProxies()) };
  const pack = spawn('tar', ['-c', '-C', build.folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const packed = once(pack, 'close');
  try {
    const stream = await engine.buildImage(pack.stdout, {
      t: build.image,
      buildargs,
      labels: { [imageLabel]: build.image.slice(0, build.image.lastIndexOf(':')) },
      // Packages are fetched by the ways that this machine has, its hosts file and local proxies included.
      networkmode: 'host',
      ...(build.target === undefined ? {} : { target: build.target }),
    });
    await follow(engine, stream);
  } catch (error) {
    const reason = reasonOf(error);
    throw new Error(`The image ${build.image} could not be built: ${reason}`, { cause: error });
  } finally {
    pack.kill();
    await packed;
  }
}

/** The build arguments that every Docker engine knows, and keeps out of images and their history. */
function proxies(): Proxies {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
