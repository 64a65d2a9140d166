import { type Entry, fromBufferPromise } from 'yauzl';
import type { Collector } from './collect.ts';

/** Reads the files of a zip archive. */
export async function readZip(archive: Buffer, collector: Collector): Promise<void> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true, strictFileNames: true });
  for await (const entry of zip.eachEntry()) {
    const path = collector.pathOf(entry.fileName);
    if (path === null || entry.fileName.endsWith('/')) continue;
    if (isLink(entry)) throw collector.refuse(`${path} is a symbolic link; put a copy there.`);
    if (entry.isEncrypted()) throw collector.refuse(`${path} is encrypted.`);
    await collector.add(path, await zip.openReadStreamPromise(entry));
  }
}

const typeOfFile = 0o170_000;
const link = 0o120_000;

/** Archives made on Unix keep the mode of a file in the upper half. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & typeOfFile) === link;
}
