import { buffer } from 'node:stream/consumers';
import { crc32, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** `link`: where it points to, when it is a symbolic link and no file. */
export type Packed = { readonly name: string; readonly text?: string; readonly link?: string };

export async function tarOf(files: readonly Packed[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, text = '', link } of files) {
    if (link === undefined) archive.entry({ name }, text);
    else archive.entry({ name, type: 'symlink', linkname: link });
  }
  archive.finalize();
  return buffer(archive);
}

export async function tarGzOf(files: readonly Packed[]): Promise<Buffer> {
  return gzipSync(await tarOf(files));
}

/** A zip archive of files that are not compressed, with whatever names are given. */
export function zipOf(files: readonly Packed[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text = '', link } of files) {
    const [path, data] = [Buffer.from(name), Buffer.from(link ?? text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((link === undefined ? 0o100_644 : 0o120_777) * 0x1_0000, 6);
    rest.writeUInt32LE(offset, 10);
    // Made on Unix, so that the mode counts.
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, path]));
    local.push(head);
    offset += head.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}
