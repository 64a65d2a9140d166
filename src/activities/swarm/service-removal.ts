import { pause } from '../machines/pause.ts';
import type { Tools } from '../operation.ts';
import type { SwarmApi } from './api.ts';
import type { LiveTask } from './live.ts';
import { ownerLabels, type Owner } from './service-spec.ts';
import { isAlive, isOnReachableNode } from './tasks.ts';

const pollMilliseconds = 100;

/** By label, not by name: only what is ours can be hit. Absence is success. */
export async function removeService(
  swarm: SwarmApi,
  owner: Owner,
  tools: Pick<Tools, 'signal' | 'heartbeat'>,
): Promise<void> {
  const labels = Object.entries(ownerLabels(owner)).map(([key, value]) => `${key}=${value}`);
  const ids = new Set<string>();
  for (const service of await swarm.servicesByLabels(labels)) {
    ids.add(service.ID);
    await swarm.removeService(service.ID);
  }
  await untilGone(swarm, labels, ids, tools);
}

/** After a crash in between the service is gone, but its tasks still carry its labels. */
async function untilGone(
  swarm: SwarmApi,
  labels: readonly string[],
  services: Set<string>,
  tools: Pick<Tools, 'signal' | 'heartbeat'>,
): Promise<void> {
  for (;;) {
    const tasks = await aliveTasks(swarm, labels);
    for (const task of tasks) services.add(task.ServiceID);
    const containers = await Promise.all([...services].map((id) => swarm.containersOf(id)));
    const left = containers.flat().length;
    if (tasks.length === 0 && left === 0) return;
    tools.heartbeat({
      waitingFor: 'the end of the service',
      tasks: tasks.length,
      containersOnTheManager: left,
    });
    await pause(pollMilliseconds, tools.signal);
  }
}

async function aliveTasks(swarm: SwarmApi, labels: readonly string[]): Promise<readonly LiveTask[]> {
  const tasks = (await swarm.tasksByLabels(labels)).filter(isAlive);
  if (tasks.length === 0) return [];
  const nodes = new Map((await swarm.nodes()).map((node) => [node.ID, node]));
  return tasks.filter((task) => isOnReachableNode(task, nodes));
}
