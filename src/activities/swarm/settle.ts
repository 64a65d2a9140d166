import { failure } from '../../contracts/failure.ts';
import { pause } from '../machines/pause.ts';
import type { Tools } from '../operation.ts';
import { hopeless, isUnschedulable, whyNotRunning, type Watch } from './hopeless.ts';
import type { LiveService } from './live.ts';
import { specName } from './live-spec.ts';
import { observeTasks, type Observed } from './tasks.ts';

const pollMilliseconds = 100;
/** A container that ends at once is seen as running for a moment; only one that stays counts. */
const stableMilliseconds = 1_000;
const patienceMilliseconds = 180_000;

type Wait = Watch & {
  readonly find: () => Promise<LiveService>;
  /** Nothing was changed: tasks that run already are believed at first sight. */
  readonly unchanged: boolean;
};

/**
 * Waits until the wanted number of tasks of the present specification run and no others do. Fails as
 * NotReady or ResourceRejected: early when it is hopeless, else after three minutes.
 */
export async function untilSettled(
  wait: Wait,
  tools: Pick<Tools, 'signal' | 'heartbeat'>,
): Promise<Observed> {
  const began = Date.now();
  const firstSeen = new Map<string, number>();
  let unschedulableSince: number | undefined;
  for (let polls = 0; ; polls += 1) {
    const observed = await observeTasks(wait.swarm, await wait.find());
    const now = Date.now();
    for (const task of observed.running) if (!firstSeen.has(task.ID)) firstSeen.set(task.ID, now);
    const trusted = wait.unchanged && polls === 0;
    if (isSettled(observed, (id) => trusted || now - (firstSeen.get(id) ?? now) >= stableMilliseconds))
      return observed;

    unschedulableSince = isUnschedulable(observed) ? (unschedulableSince ?? now) : undefined;
    const reason = await hopeless(
      observed,
      wait,
      unschedulableSince === undefined ? 0 : now - unschedulableSince,
    );
    if (reason !== undefined) throw reason;
    if (now - began > patienceMilliseconds) throw tooLate(observed, wait);
    tools.heartbeat({
      waitingFor: `tasks of ${specName(observed.service.Spec)}`,
      state: whyNotRunning(observed),
    });
    await pause(pollMilliseconds, tools.signal);
  }
}

export function isSettled(observed: Observed, isStable: (taskId: string) => boolean): boolean {
  const { running, wanted, leaving } = observed;
  return running.length === wanted && leaving.length === 0 && running.every((task) => isStable(task.ID));
}

function tooLate(observed: Observed, { swarm }: Wait): Error {
  const seconds = patienceMilliseconds / 1_000;
  const message = `Service “${specName(observed.service.Spec)}” on ${swarm.where} did not become ready in ${seconds} s: ${whyNotRunning(observed)}.`;
  return failure('NotReady', message);
}
