import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Collector } from './collect.ts';

/** Reads the files of a tar archive, compressed with gzip or not. */
export async function readTar(archive: Buffer, compressed: boolean, collector: Collector): Promise<void> {
  const tar = extract();
  const source = Readable.from([archive]);
  const filling = compressed ? pipeline(source, createGunzip(), tar) : pipeline(source, tar);
  await Promise.all([filling, readEntries()]);

  async function readEntries(): Promise<void> {
    try {
      for await (const entry of tar) {
        const { name, type } = entry.header;
        const path = collector.pathOf(name);
        if (type === 'symlink' || type === 'link')
          throw collector.refuse(`${name} is a link; put a copy there.`);
        if (path !== null && type !== 'directory' && !isFile(type)) {
          throw collector.refuse(`${name} is neither a file nor a folder.`);
        }
        if (path !== null && isFile(type)) await collector.add(path, entry);
        else entry.resume();
      }
    } catch (error) {
      tar.destroy();
      throw error;
    }
  }
}

function isFile(type: string | null | undefined): boolean {
  return type === 'file' || type === 'contiguous-file' || type === null || type === undefined;
}
