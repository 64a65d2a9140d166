import { readFile, stat } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/common';
import { type ArchiveLimits, createCollector } from './collect.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

const defaultLimits: ArchiveLimits = { files: 2_000, bytes: 32 * 1024 * 1024 };

/**
 * The files of an archive, by path. When all are in one folder, as Cloudify wants it, the paths count from
 * that folder. Nothing is written to disk. Fails as BlueprintInvalid.
 */
export async function readArchive(
  path: string,
  limits: ArchiveLimits = defaultLimits,
): Promise<ReadonlyMap<string, string>> {
  const collector = createCollector(path, limits);
  const { size } = await stat(path);
  if (size > limits.bytes) throw collector.refuse(`it has more than ${limits.bytes} bytes.`);
  const content = await readFile(path);
  try {
    await readKind(content);
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    throw collector.refuse(error instanceof Error ? `${error.message}.` : String(error), error);
  }
  return withoutRoot(collector.files());

  function readKind(archive: Buffer): Promise<void> {
    if (archive.subarray(0, 2).toString('latin1') === 'PK') return readZip(archive, collector);
    if (archive[0] === 0x1f && archive[1] === 0x8b) return readTar(archive, true, collector);
    if (archive.subarray(257, 262).toString('latin1') === 'ustar') return readTar(archive, false, collector);
    throw collector.refuse('it is neither a .zip nor a .tar.gz.');
  }
}

function withoutRoot(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const roots = new Set([...files.keys()].map((path) => (path.includes('/') ? path.split('/')[0] : null)));
  const [root] = roots;
  if (roots.size !== 1 || typeof root !== 'string') return files;
  return new Map([...files].map(([path, text]) => [path.slice(root.length + 1), text]));
}
