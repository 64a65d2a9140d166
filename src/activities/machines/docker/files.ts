import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type Docker from 'dockerode';
import { answersTooMuch } from '../../bounded-answer.ts';
import type { Engine } from './engine.ts';

/** The host key in a file of a container that a machine made for itself; undefined until it has. */
export async function readHostKey(
  engine: Engine,
  container: Docker.Container,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const line = await engine.find('read a machine’s host key', signal, () => readFile(container, file));
  return /^(ssh-ed25519 [A-Za-z0-9+/]{68})(?:\s|$)/.exec(line ?? '')?.[1];
}

/** Unpacks a tar archive over the root of a machine's container, running or not. */
export async function putFiles(
  engine: Engine,
  container: Docker.Container,
  machine: string,
  archive: Buffer,
  signal: AbortSignal,
): Promise<void> {
  await engine.call(`put files into machine ${machine}`, signal, () =>
    container.putArchive(archive, { path: '/' }),
  );
}

/** A text file of a container, running or not. */
export async function readFile(container: Docker.Container, path: string): Promise<string> {
  const archive = Readable.from(await container.getArchive({ path }));
  const files = extract();
  archive.on('error', (error: Error) => files.destroy(error)).pipe(files);
  try {
    for await (const file of files) return await textOf(file, path);
    return '';
  } finally {
    archive.destroy();
  }
}

/** Lists of users, keys: whoever is root in a machine may put anything in their place. */
const fileLimit = 1024 * 1024;

async function textOf(file: AsyncIterable<unknown>, path: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of file) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > fileLimit) throw answersTooMuch('The machine', `show ${path}`, fileLimit);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
