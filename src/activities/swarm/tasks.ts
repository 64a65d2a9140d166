import type { SwarmApi } from './api.ts';
import { sameTemplate } from './drift.ts';
import type { LiveNode, LivePort, LiveService, LiveTask } from './live.ts';
import { specPorts, specReplicas, specTemplate } from './live-spec.ts';

/** A service and what there is of it, all read at one time. */
export type Observed = {
  readonly service: LiveService;
  /** How many tasks must run. */
  readonly wanted: number;
  /** Made from the present specification, and running. */
  readonly running: readonly LiveTask[];
  /** Still alive though they should not be: of an earlier specification, or too many. */
  readonly leaving: readonly LiveTask[];
  /** Made from the present specification, and ended though they should run. */
  readonly failed: readonly LiveTask[];
  /** Made from the present specification, and not running yet. */
  readonly coming: readonly LiveTask[];
  readonly nodes: ReadonlyMap<string, LiveNode>;
};

export async function observeTasks(swarm: SwarmApi, service: LiveService): Promise<Observed> {
  const [tasks, nodeList] = await Promise.all([swarm.tasksOf(service.ID), swarm.nodes()]);
  const nodes = new Map(nodeList.map((node) => [node.ID, node]));
  const reachable = tasks.filter((task) => isOnReachableNode(task, nodes));
  const alive = reachable.filter(isAlive);
  const desired = alive.filter((task) => isCurrent(task, service) && isDesired(task));
  const running = desired.filter((task) => task.Status.State === 'running');
  return {
    service,
    wanted: specReplicas(service.Spec) ?? Math.max(1, desired.length),
    running: running.filter((task) => hasPorts(task, service)),
    leaving: alive.filter(
      (task) => !desired.includes(task) || (running.includes(task) && !hasPorts(task, service)),
    ),
    failed: tasks.filter((task) => !isAlive(task) && isCurrent(task, service) && hasFailed(task)),
    coming: desired.filter((task) => task.Status.State !== 'running'),
    nodes,
  };
}

const ended: ReadonlySet<string> = new Set([
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
]);

export function isAlive(task: LiveTask): boolean {
  return !ended.has(task.Status.State);
}

/** Of a node that is down nobody knows anything; its tasks are counted as gone, as the scheduler does. */
export function isOnReachableNode(task: LiveTask, nodes: ReadonlyMap<string, LiveNode>): boolean {
  if (task.NodeID === '') return true;
  return nodes.get(task.NodeID)?.Status.State === 'ready';
}

function isCurrent(task: LiveTask, service: LiveService): boolean {
  return sameTemplate(task.Spec, specTemplate(service.Spec));
}

function isDesired(task: LiveTask): boolean {
  return task.DesiredState === 'running' || task.DesiredState === 'ready';
}

/** A service's container that ends well has failed too: it was to serve. */
function hasFailed(task: LiveTask): boolean {
  return ['failed', 'rejected', 'complete'].includes(task.Status.State);
}

/** A task keeps the ports that it was made with; those published by the host are told in its status. */
function hasPorts(task: LiveTask, service: LiveService): boolean {
  const wanted = specPorts(service.Spec)
    .filter((port) => port.PublishMode === 'host')
    .map(portKey);
  const live = (task.Status.PortStatus?.Ports ?? [])
    .filter((port) => port.PublishMode === 'host')
    .map(portKey);
  return wanted.length === live.length && wanted.every((key) => live.some((other) => matches(key, other)));
}

type PortKey = { readonly target: string; readonly published: number | undefined };

function portKey(port: LivePort): PortKey {
  return { target: `${port.TargetPort}/${port.Protocol}`, published: port.PublishedPort };
}

/** Without a published port asked for, the engine chose one. */
function matches(wanted: PortKey, live: PortKey): boolean {
  return wanted.target === live.target && (wanted.published ?? live.published) === live.published;
}
