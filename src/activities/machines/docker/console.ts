import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { contentOf, endOfLog } from '../../docker-log.ts';
import type { Engine } from './engine.ts';

const lastLines = 20;

/** The last lines that a machine wrote to its console, which is its container's log; empty when there are none. */
export async function readConsole(engine: Engine, name: string, signal: AbortSignal): Promise<string> {
  const log = await engine.find(`read the console of machine ${name}`, signal, () =>
    engine.docker.getContainer(name).logs({ stdout: true, stderr: true, tail: lastLines }),
  );
  return log === undefined ? '' : plainLines(await endOfLog(contentOf(Readable.from([log]))));
}

/** Without colours, empty lines and carriage returns. */
export function plainLines(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}
