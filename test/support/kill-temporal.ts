import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, runningDaemon } from '../../lab/process.ts';

/** Ends the Temporal server of the folder as nothing but a crash does; its database stays. */
export async function killTemporal(folder: string): Promise<void> {
  const identity = await runningDaemon({ folder, name: 'temporal' });
  if (identity === undefined) throw new Error('There is no server to kill.');
  process.kill(identity.pid, 'SIGKILL');
  while (await isAlive(identity)) await wait(10);
}
