import { z } from 'zod';
import type { FolderFile } from './folder.ts';

const headSchema = z.array(z.tuple([z.string(), z.number().int().nonnegative()]));

/** Files as one: the length of the list of their paths and sizes, the list as JSON, their contents. */
export function packed(files: readonly FolderFile[]): Buffer {
  const head = Buffer.from(JSON.stringify(files.map(({ path, content }) => [path, content.length])));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, ...files.map(({ content }) => content)]);
}

/** Throws when it is not what `packed` makes. */
export function unpacked(pack: Buffer): readonly FolderFile[] {
  const end = 4 + pack.readUInt32BE();
  const head = headSchema.parse(JSON.parse(pack.toString('utf8', 4, end)));
  let at = end;
  return head.map(([path, size]) => {
    at += size;
    return { path, content: pack.subarray(at - size, at) };
  });
}
