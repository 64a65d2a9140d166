import { setTimeout as sleep } from 'node:timers/promises';
import { type Selection, selectionPath } from './api.ts';
import type { Cluster } from './cluster.ts';
import { stream } from './http.ts';

/** Wakes a waiter as soon as something that it looks at may have changed. */
export type Changes = {
  /** Resolves at the next change since the last call, at the latest after so long. */
  next(milliseconds: number): Promise<void>;
  close(): void;
};

/** Watches selections. A watch that breaks is opened again, and `next` never waits for it for ever. */
export function watchChanges(
  cluster: Cluster,
  selections: readonly Selection[],
  signal: AbortSignal,
): Changes {
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  let changed = Promise.withResolvers<void>();
  for (const selection of selections)
    void keepWatching(cluster, selection, () => changed.resolve(), ending).catch(() => undefined);
  return {
    async next(milliseconds) {
      const over = new AbortController();
      const timeout = sleep(milliseconds, undefined, { signal: AbortSignal.any([ending, over.signal]) });
      try {
        await Promise.race([changed.promise, timeout]);
      } catch {
        signal.throwIfAborted();
      } finally {
        over.abort();
        timeout.catch(() => undefined);
        changed = Promise.withResolvers<void>();
      }
    },
    close: () => stop.abort(),
  };
}

async function keepWatching(
  cluster: Cluster,
  selection: Selection,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const path = await selectionPath(cluster, selection, signal);
      const request = {
        method: 'GET',
        path: `${path}&watch=true&timeoutSeconds=120`,
        what: 'watch',
      } as const;
      await stream(cluster.channel, request, onChange, signal);
    } catch {
      // What is wrong shows when the waiter reads; here it only means to try again.
    }
    await sleep(500, undefined, { signal });
  }
}
