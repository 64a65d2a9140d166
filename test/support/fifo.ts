import { execFileSync } from 'node:child_process';

/** A named pipe: whoever opens it waits until somebody writes into it. */
export function makeFifo(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]);
}
