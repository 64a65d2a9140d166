import { failure } from '../../contracts/failure.ts';
import type { JsonObject, Json } from '../../contracts/json.ts';
import type { HopEvidence } from '../../contracts/operation.ts';
import type { Operation } from '../operation.ts';
import { countRequests } from './access-log.ts';
import type { SwarmApi } from './api.ts';
import { isOutOfSequence } from './errors.ts';
import type { LiveService } from './live.ts';
import { specReplicas } from './live-spec.ts';
import { isOurs, unowned } from './ownership.ts';
import { nodeAddress } from './service-runtime.ts';
import { subjectOf, withManagerOf, type ServiceSubject } from './service-subject.ts';
import { untilSettled } from './settle.ts';
import { observeTasks } from './tasks.ts';

/**
 * What the running tasks carried, by their own access logs, which the manager collects from every node.
 * Counters begin anew when a task is replaced.
 */
export const observeHop: Operation = (context, tools) => {
  const subject = subjectOf(context);
  return withManagerOf(subject, tools, async (swarm) => {
    const { running, nodes } = await observeTasks(swarm, await ownService(swarm, subject));
    const logs = await Promise.all(running.map((task) => swarm.taskLog(task.ID, 'all')));
    const places = running.map((task) => nodes.get(task.NodeID));
    const role = subject.self.properties['hop_role'];
    const evidence: HopEvidence = {
      role: typeof role === 'string' && role !== '' ? role : 'load balancer',
      at: [...new Set(places.map((node) => node?.Description.Hostname ?? 'unknown'))].join(', '),
      addresses: [...new Set(places.map((node) => nodeAddress(node, swarm.where)))],
      counters: countRequests(logs),
    };
    return { result: evidence };
  });
};

/** Takes the function out of the path: no tasks, until it is restored by applying the service again. */
export const withdrawHop: Operation = (context, tools) => {
  const subject = subjectOf(context);
  return withManagerOf(subject, tools, async (swarm) => {
    await scaleToZero(swarm, subject);
    const find = () => ownService(swarm, subject);
    const wait = { swarm, find, known: new Set<string>(), unchanged: true, redact: (text: string) => text };
    await untilSettled(wait, tools);
    return { runtimeProperties: { tasks: [], endpoint: null } };
  });
};

async function scaleToZero(swarm: SwarmApi, subject: ServiceSubject): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { ID, Version, Spec } = await ownService(swarm, subject);
    const replicas = specReplicas(Spec);
    if (replicas === undefined) throw failure('OperationInputInvalid', notScalable(subject));
    if (replicas === 0) return;
    try {
      return await swarm.updateService(ID, Version.Index, withoutReplicas(Spec));
    } catch (error) {
      if (attempt === 5 || !isOutOfSequence(error)) throw error;
    }
  }
}

function withoutReplicas(spec: JsonObject): JsonObject {
  const Mode: Json = { Replicated: { Replicas: 0 } };
  return { ...spec, Mode };
}

function notScalable({ name }: ServiceSubject): string {
  return `Service “${name}” runs on every node (global mode) and cannot be withdrawn by scaling; use replicas.`;
}

async function ownService(swarm: SwarmApi, { name, owner }: ServiceSubject): Promise<LiveService> {
  const live = await swarm.serviceByName(name);
  if (live === undefined)
    throw failure('NotReady', `There is no service “${name}” on ${swarm.where}; heal the deployment.`);
  if (!isOurs(live, owner)) throw unowned(live, swarm.where);
  return live;
}
