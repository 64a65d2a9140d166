import { startSwarm, type TestSwarm } from '../activities/swarm/swarm-lab.ts';
import { type StartedWorker, startWorker } from './worker.ts';

/** A real Swarm of one node with little room for containers. */
export type SwarmLab = {
  readonly worker: StartedWorker;
  readonly swarm: TestSwarm;
  close(): Promise<void>;
};

export async function startSwarmLab(): Promise<SwarmLab> {
  const [worker, swarm] = await Promise.all([startWorker(), startSwarm({ room: '400m' })]);
  for (const [name, value] of swarm.secrets) await worker.services.secrets.put(name, value);
  return {
    worker,
    swarm,
    close: async () => {
      await worker.close();
      await swarm.machine.remove();
    },
  };
}
