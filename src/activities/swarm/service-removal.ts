import { pause } from '../machines/pause.ts';
import type { Tools } from '../operation.ts';
import type { SwarmApi } from './api.ts';
import type { LiveTask } from './live.ts';
import { isOfInstallation } from '../installation.ts';
import { installationOf } from './ownership.ts';
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
  const found = await swarm.servicesByLabels(labels);
  const ours = found.filter((service) => isOfInstallation(installationOf(service), owner.installation));
  for (const service of ours) await swarm.removeService(service.ID);
  const others = new Set(found.filter((service) => !ours.includes(service)).map(({ ID }) => ID));
  await untilGone(swarm, { labels, ids: new Set(ours.map(({ ID }) => ID)), others }, tools);
}

type Going = {
  readonly labels: readonly string[];
  /** Services of ours, those whose tasks are found included. */
  readonly ids: Set<string>;
  /** Another installation's services, whose tasks carry the same labels. */
  readonly others: ReadonlySet<string>;
};

/** After a crash in between the service is gone, but its tasks still carry its labels. */
async function untilGone(
  swarm: SwarmApi,
  { labels, ids, others }: Going,
  tools: Pick<Tools, 'signal' | 'heartbeat'>,
): Promise<void> {
  for (;;) {
    const tasks = (await aliveTasks(swarm, labels)).filter((task) => !others.has(task.ServiceID));
    for (const task of tasks) ids.add(task.ServiceID);
    const containers = await Promise.all([...ids].map((id) => swarm.containersOf(id)));
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
