import { PassThrough, type Readable } from 'node:stream';
import type Docker from 'dockerode';

/** The text of both streams of a log, in the order in which the engine tells it. */
export async function textOfLog(docker: Docker, log: Readable): Promise<string> {
  const text = new PassThrough({ encoding: 'utf8' });
  docker.modem.demuxStream(log, text, text);
  log.once('end', () => text.end());
  log.once('error', (error) => text.destroy(error));
  return (await text.toArray()).join('');
}
