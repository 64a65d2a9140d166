import { stripVTControlCharacters } from 'node:util';
import type { Engine } from './engine.ts';

const lastLines = 20;

/** The last lines that a machine wrote to its console, which is its container's log; empty when there are none. */
export async function readConsole(engine: Engine, name: string, signal: AbortSignal): Promise<string> {
  const log = await engine.find(`read the console of machine ${name}`, signal, () =>
    engine.docker.getContainer(name).logs({ stdout: true, stderr: true, tail: lastLines }),
  );
  return log === undefined ? '' : consoleText(log);
}

/** The text in a log of the engine: frames of 4 bytes for the stream's number, 4 for the length, and the content. */
export function consoleText(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; at += 8 + log.readUInt32BE(at + 4)) {
    parts.push(log.subarray(at + 8, at + 8 + log.readUInt32BE(at + 4)));
  }
  const text = stripVTControlCharacters(Buffer.concat(parts).toString()).replaceAll('\r', '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}
