import { inspect } from 'node:util';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { printable } from './contracts/printable.ts';

/** To standard error, a line an entry: what operations log is also what hosts said. */
export function createWorkerLog(write: (text: string) => unknown): DefaultLogger {
  return new DefaultLogger('INFO', (entry) => void write(`${printable(textOf(entry))}\n`));
}

function textOf({ level, timestampNanos, message, meta }: LogEntry): string {
  const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return `${at} [${level}] ${message}${meta === undefined ? '' : ` ${inspect(meta)}`}`;
}
