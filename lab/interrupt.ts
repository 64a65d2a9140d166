import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal and npm may both deliver one Ctrl-C; only a later one is a second wish. */
const sameWish = 1_000;

/**
 * A signal that aborts at the first Ctrl-C (or SIGTERM, SIGHUP), so that the work can end in order;
 * a second one ends the process at once. The abort's reason is an `Interrupted`.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  for (const name of signals) {
    process.on(name, () => {
      if (first === 0) {
        first = Date.now();
        controller.abort(new Interrupted(name));
      } else if (Date.now() - first > sameWish) {
        process.exit(128 + constants.signals[name]);
      }
    });
  }
  return controller.signal;
}

/** Somebody asked the process to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitStatus: number;

  constructor(signal: (typeof signals)[number]) {
    super(`Stopped by ${signal}.`);
    this.exitStatus = 128 + constants.signals[signal];
  }
}
