import type { JsonObject } from '../../contracts/json.ts';
import { at, count, type KubeObject, list, text } from './objects.ts';

/** Why a pod does not run as it shall. */
export type Trouble = {
  readonly reason: string;
  /** Waiting longer will not help. */
  readonly hopeless: boolean;
  /** Where to look for the last words; null when nothing has run. */
  readonly log: { readonly container: string; readonly previous: boolean } | null;
};

// Nothing that time mends: the image must be there already, or its name or settings are wrong.
const lost = new Set(['ErrImageNeverPull', 'InvalidImageName', 'CreateContainerConfigError']);
const unpulled = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImageInspectError']);
const patience = { pullMilliseconds: 30_000, crashes: 3 };

/**
 * The troubles of a pod, none when all is well. `restartsBefore` is what its containers had when the wait
 * began: old crashes whose cause may be mended by now do not count.
 */
export function troublesOf(pod: KubeObject, restartsBefore: number, now: Date): readonly Trouble[] {
  const containers = [
    ...list(pod, 'status', 'initContainerStatuses'),
    ...list(pod, 'status', 'containerStatuses'),
  ];
  const crashed = restartsOf(pod) > restartsBefore;
  const told = containers.map((container) => containerTrouble(container, crashed, ageOf(pod, now)));
  const scheduling = schedulingTrouble(pod);
  return [
    ...(scheduling === undefined ? [] : [scheduling]),
    ...told.filter((trouble) => trouble !== undefined),
  ];
}

/** How often the pod's containers were started again. */
export function restartsOf(pod: KubeObject): number {
  const statuses = [
    ...list(pod, 'status', 'initContainerStatuses'),
    ...list(pod, 'status', 'containerStatuses'),
  ];
  return statuses.reduce((sum, status) => sum + (count(status, 'restartCount') ?? 0), 0);
}

function containerTrouble(status: JsonObject, crashed: boolean, age: number): Trouble | undefined {
  const name = text(status, 'name') ?? '';
  const waiting = text(status, 'state', 'waiting', 'reason');
  const restarts = count(status, 'restartCount') ?? 0;
  if (waiting === 'CrashLoopBackOff') {
    const exit = count(status, 'lastState', 'terminated', 'exitCode');
    const reason = `container ${name} crashes again and again (CrashLoopBackOff, ${restarts} restarts, last exit status ${exit ?? 'unknown'})`;
    return {
      reason,
      hopeless: crashed && restarts >= patience.crashes,
      log: { container: name, previous: true },
    };
  }
  if (waiting !== undefined && waiting !== 'ContainerCreating' && waiting !== 'PodInitializing') {
    const message = text(status, 'state', 'waiting', 'message');
    const hopeless = lost.has(waiting) || (unpulled.has(waiting) && age > patience.pullMilliseconds);
    return {
      reason: `container ${name} waits: ${waiting}${message === undefined ? '' : ` (${message})`}`,
      hopeless,
      log: null,
    };
  }
  const exit = count(status, 'state', 'terminated', 'exitCode');
  if (exit !== undefined && exit !== 0)
    return {
      reason: `container ${name} ended with status ${exit} (${text(status, 'state', 'terminated', 'reason') ?? 'Error'})`,
      hopeless: false,
      log: { container: name, previous: false },
    };
  if (at(status, 'state', 'running') !== undefined && status.ready === false)
    return {
      reason: `container ${name} runs but is not ready`,
      hopeless: false,
      log: { container: name, previous: false },
    };
  return undefined;
}

function schedulingTrouble(pod: KubeObject): Trouble | undefined {
  const condition = list(pod, 'status', 'conditions').find(
    (candidate) => candidate.type === 'PodScheduled' && candidate.status === 'False',
  );
  if (condition === undefined) return undefined;
  return {
    reason: `no machine for it: ${text(condition, 'message') ?? 'unschedulable'}`,
    hopeless: false,
    log: null,
  };
}

function ageOf(pod: KubeObject, now: Date): number {
  const started = Date.parse(
    text(pod, 'status', 'startTime') ?? text(pod, 'metadata', 'creationTimestamp') ?? '',
  );
  return Number.isNaN(started) ? 0 : now.getTime() - started;
}
