import type { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../contracts/failure.ts';
import { endOfLog } from '../docker-log.ts';
import type { SwarmApi } from './api.ts';
import type { LiveTask } from './live.ts';
import { specName } from './live-spec.ts';
import { isOnReachableNode, type Observed } from './tasks.ts';

/** A crash or two while something else comes up is no reason to give up; Swarm starts the task anew. */
const patience = { failures: 3, unschedulableMilliseconds: 10_000 } as const;
const logLines = 10;

export type Watch = {
  readonly swarm: SwarmApi;
  readonly redact: (text: string) => string;
  /** Tasks that had ended before we began: old news. */
  readonly known: ReadonlySet<string>;
};

/** Whether waiting longer is of no use, and why. `unschedulableFor` in milliseconds. */
export async function hopeless(
  observed: Observed,
  watch: Watch,
  unschedulableFor: number,
): Promise<ApplicationFailure | undefined> {
  if (observed.wanted === 0) return undefined;
  const failed = observed.failed.filter((task) => !watch.known.has(task.ID));
  if (lacksImageEverywhere(observed, failed)) return imageMissing(observed, failed, watch);
  const paused = observed.service.UpdateStatus?.State === 'paused';
  if (failed.length >= patience.failures || (paused && failed.length > 0))
    return crashing(observed, failed, watch);
  if (unschedulableFor >= patience.unschedulableMilliseconds) return unschedulable(observed, watch);
  return undefined;
}

/** What is known of tasks that do not run, for the message of a wait that took too long. */
export function whyNotRunning(observed: Observed): string {
  const reasons = [...observed.failed, ...observed.coming].map(
    (task) => `${task.Status.State}: ${reasonOf(task)}`,
  );
  const last = reasons.at(-1);
  const { running, wanted, leaving } = observed;
  const old = leaving.length === 0 ? '' : `, ${leaving.length} of an earlier kind still run`;
  return `${running.length} of ${wanted} tasks run${old}${last === undefined ? '' : `; last seen ${last}`}`;
}

/** Waits for a node that the scheduler does not find. */
export function isUnschedulable(observed: Observed): boolean {
  return observed.coming.some((task) => task.Status.State === 'pending' && task.Status.Err !== '');
}

function lacksImageEverywhere(observed: Observed, failed: readonly LiveTask[]): boolean {
  const without = new Set(failed.filter(lacksImage).map((task) => task.NodeID));
  const open = [...observed.nodes.values()].filter(
    (node) => node.Status.State === 'ready' && node.Spec.Availability === 'active',
  );
  const asked = failed.filter((task) => lacksImage(task) && isOnReachableNode(task, observed.nodes));
  return without.size > 0 && (without.size >= open.length || asked.length >= patience.failures);
}

function lacksImage(task: LiveTask): boolean {
  return /no such image|pull access denied|manifest (unknown|for)|repository .* not found|invalid reference format/i.test(
    task.Status.Err,
  );
}

async function imageMissing(
  observed: Observed,
  failed: readonly LiveTask[],
  { swarm }: Watch,
): Promise<ApplicationFailure> {
  const nodes = [...new Set(failed.map((task) => nodeName(observed, task)))].join(', ');
  const message = `Service “${specName(observed.service.Spec)}” on ${swarm.where}: ${nodes} cannot get its image (${reasonOf(failed.at(-1))}). Load the image on the nodes, or name one in a registry that they reach.`;
  return failure('ResourceRejected', message);
}

async function crashing(
  observed: Observed,
  failed: readonly LiveTask[],
  { swarm, redact }: Watch,
): Promise<ApplicationFailure> {
  const last = failed.toSorted((a, b) => (a.CreatedAt < b.CreatedAt ? -1 : 1)).at(-1);
  const exit = last?.Status.ContainerStatus?.ExitCode;
  const log = last === undefined ? '' : await lastLines(swarm, last.ID, redact);
  const message = [
    `Service “${specName(observed.service.Spec)}” on ${swarm.where}: ${failed.length} of its tasks ended; the last on ${nodeName(observed, last)}: ${reasonOf(last)}${exit === undefined ? '' : `, exit status ${exit}`}.`,
    log === '' ? 'It wrote no log.' : `Its log ended with:\n${log}`,
  ].join(' ');
  const details = {
    service: specName(observed.service.Spec),
    exitStatus: exit ?? null,
    ended: failed.length,
  };
  return failure('NotReady', message, { retryable: false, details });
}

function unschedulable(observed: Observed, { swarm }: Watch): ApplicationFailure {
  const waiting = observed.coming.find((task) => task.Status.Err !== '');
  const message = `Service “${specName(observed.service.Spec)}” on ${swarm.where}: no node can take its task: ${reasonOf(waiting)}. Free the port or the resources that it names, or add a node.`;
  return failure('NotReady', message, { retryable: false });
}

/** The log is a courtesy: an error while it is read must not hide the one that is told. */
async function lastLines(swarm: SwarmApi, task: string, redact: (text: string) => string): Promise<string> {
  const text = await swarm.taskLog(task, logLines, endOfLog).catch(() => '');
  return redact(text).trimEnd().split('\n').slice(-logLines).join('\n');
}

function nodeName(observed: Observed, task: LiveTask | undefined): string {
  return observed.nodes.get(task?.NodeID ?? '')?.Description.Hostname ?? 'no node';
}

function reasonOf(task: LiveTask | undefined): string {
  const { Err, Message } = task?.Status ?? { Err: '', Message: '' };
  return [Err, Message, 'no reason given'].find((text) => text !== '') ?? '';
}
