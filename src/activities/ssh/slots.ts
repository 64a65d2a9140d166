/** A place among a limited number; the others wait in line. */
export type Slots = {
  /** Gives the release, to be called once. Rejects with the signal's reason while waiting. */
  take(signal: AbortSignal): Promise<() => void>;
  /** How many are taken or waited for. */
  busy(): number;
};

export function makeSlots(limit: number, onIdle: () => void): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const release = (): void => {
    const next = waiting.shift();
    if (next !== undefined) return next();
    taken -= 1;
    if (taken === 0) onIdle();
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (taken < limit) taken += 1;
      else await turn(waiting, signal);
      return release;
    },
    busy: () => taken + waiting.length,
  };
}

/** The place of the one that leaves is handed over, so `taken` stays as it is. */
function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      waiting.splice(waiting.indexOf(go), 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    waiting.push(go);
  });
}
