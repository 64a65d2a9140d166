import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Reads the arguments of every process of this computer and of the machines on it, again and again. */
export type ProcessWatch = {
  /** All that was seen, and an end of it. */
  stop(): Promise<string>;
};

const pause = 20;

export function watchProcesses(): ProcessWatch {
  const lines = new Set<string>();
  // A process that was just made still has its parent’s arguments; so each is looked at twice.
  const looks = new Map<string, number>();
  const end = new AbortController();
  const watching = (async () => {
    while (!end.signal.aborted) {
      const there = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      for (const gone of [...looks.keys()].filter((name) => !there.includes(name))) looks.delete(gone);
      const young = there.filter((name) => (looks.get(name) ?? 0) < 2);
      await Promise.all(
        young.map(async (name) => {
          looks.set(name, (looks.get(name) ?? 0) + 1);
          lines.add((await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '));
        }),
      );
      await delay(pause);
    }
  })();
  return {
    stop: async () => {
      end.abort();
      await watching;
      return [...lines].join('\n');
    },
  };
}
