import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { reasonOf } from '../../../contracts/reason.ts';
import { invalid } from './kubeconfig.ts';

const longest = 256 * 1024;

/** The text of a usual file of the worker; never waits for a pipe, and never reads a device. */
export async function readWorkerFile(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is no usual file');
    if (stat.size > longest) throw new Error(`it is longer than ${longest / 1024} KiB`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longest), 0, longest, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch (error) {
    throw invalid(`names the file ${path}, which cannot be read: ${reasonOf(error)}`);
  } finally {
    await file?.close();
  }
}
