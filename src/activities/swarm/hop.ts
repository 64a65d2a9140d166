import { failure } from '../../contracts/failure.ts';
import type { HopEvidence } from '../../contracts/operation.ts';
import type { Operation } from '../operation.ts';
import { countRequests, sumOf } from './access-log.ts';
import type { SwarmApi } from './api.ts';
import type { LiveService } from './live.ts';
import { isOurs, unowned } from './ownership.ts';
import { nodeAddress } from './service-runtime.ts';
import { subjectOf, withManagerOf, type ServiceSubject } from './service-subject.ts';
import { observeTasks } from './tasks.ts';

/**
 * What the running tasks carried, by their own access logs, which the manager collects from every node.
 * Counters begin anew when a task is replaced.
 */
export const observeHop: Operation = (context, tools) => {
  const subject = subjectOf(context, tools);
  return withManagerOf(subject, tools, async (swarm) => {
    const { running, nodes } = await observeTasks(swarm, await ownService(swarm, subject));
    const counted = await Promise.all(running.map((task) => swarm.taskLog(task.ID, 'all', countRequests)));
    const places = running.map((task) => nodes.get(task.NodeID));
    const role = subject.self.properties['hop_role'];
    const evidence: HopEvidence = {
      role: typeof role === 'string' && role !== '' ? role : 'load balancer',
      at: [...new Set(places.map((node) => node?.Description.Hostname ?? 'unknown'))].join(', '),
      addresses: [...new Set(places.map((node) => nodeAddress(node, swarm.where)))],
      counters: sumOf(counted),
    };
    return { result: evidence };
  });
};

async function ownService(swarm: SwarmApi, { name, owner }: ServiceSubject): Promise<LiveService> {
  const live = await swarm.serviceByName(name);
  if (live === undefined)
    throw failure('NotReady', `There is no service “${name}” on ${swarm.where}; heal the deployment.`);
  if (!isOurs(live, owner)) throw unowned(live, owner, swarm.where);
  return live;
}
