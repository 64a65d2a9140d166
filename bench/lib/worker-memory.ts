import { readFile } from 'node:fs/promises';
import { runningDaemon } from '../../lab/process.ts';

/** The largest resident memory of the lab's worker since its start, in MB. */
export async function workerPeak(folder: string): Promise<number> {
  const worker = await runningDaemon({ folder, name: 'worker' });
  if (worker === undefined) throw new Error('The worker does not run.');
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kilobytes) / 1000;
}
