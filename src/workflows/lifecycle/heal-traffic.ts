import { sleep } from '@temporalio/workflow';
import pLimit from 'p-limit';
import { failure } from '../../contracts/failure.ts';
import type { Health } from '../../contracts/operation.ts';
import { checkInstance } from './check.ts';
import type { Healing } from './heal.ts';
import { standsForDeployment } from './heal-deployment.ts';
import { operations } from './interfaces.ts';
import { hasOperation } from './operation.ts';
import { noteRepair, reinstall, repair } from './repair.ts';
import { instanceOf, type Run } from './run.ts';

/** Looks at a probe while traffic may still come back by itself, about a second apart. */
const looks = 5;

/** Whether an instance asks for traffic, so that what it says is a symptom and nothing of its own to repair. */
export function isProbe(run: Run, id: string): boolean {
  return hasOperation(run, id, operations.verifyTraffic) && hasOperation(run, id, operations.checkStatus);
}

export type TrafficWatch = {
  readonly began: number;
  readonly atFirst: ReadonlyMap<string, Promise<Health>>;
  /** One probe at a time suspects what it depends on. */
  readonly turn: ReturnType<typeof pLimit>;
};

/** Looks, as a heal begins, which probes see no traffic. */
export function watchTraffic(run: Run): TrafficWatch {
  const probes = [...run.journal.instances.values()].filter(
    ({ id, state }) => state === 'started' && isProbe(run, id),
  );
  const atFirst = new Map(probes.map(({ id }) => [id, checkInstance(run, id)] as const));
  for (const health of atFirst.values()) health.catch(() => undefined);
  return { began: Date.now(), atFirst, turn: pLimit(1) };
}

/**
 * Waits for traffic once all that a probe depends on says that it is well. What then is still the matter no
 * check has seen: what the probe depends on is made anew, one after another, until traffic comes.
 */
export async function healTraffic(healing: Healing, id: string, watch: TrafficWatch): Promise<void> {
  const { run, options } = healing;
  const wasStopped = (await watch.atFirst.get(id))?.healthy === false;
  await watch.turn(async () => {
    const reason = await reasonAfter(healing, id);
    if (reason === undefined) return;
    if (!options.reinstall) throw noTraffic(id, reason);
    for (const suspect of suspectsOf(run, id)) {
      await reinstall(healing, suspect);
      noteRepair(healing, suspect, `all said they were well, but ${reason}`, 'reinstalled');
      if ((await reasonAfter(healing, id)) === undefined) return;
    }
    throw noTraffic(id, reason);
  });
  if (wasStopped) healing.traffic.push({ instance: id, seconds: (Date.now() - watch.began) / 1000 });
}

/** Why there is no traffic; undefined: there is. Something that fell ill meanwhile is repaired. */
async function reasonAfter(healing: Healing, id: string): Promise<string | undefined> {
  for (let look = 1; ; look += 1) {
    const health = await checkInstance(healing.run, id);
    if (health.healthy) return undefined;
    if (look === looks) return health.reason;
    await sleep(1000);
    if (look > 1) await Promise.all(suspectsOf(healing.run, id).map((one) => repairIfUnwell(healing, one)));
  }
}

async function repairIfUnwell(healing: Healing, id: string): Promise<void> {
  const health = await checkInstance(healing.run, id);
  if (health.healthy) return;
  const action = await repair(healing, id, health.reason);
  if (action !== undefined) noteRepair(healing, id, health.reason, action);
}

/** What the probe depends on and this deployment itself made, without what stands for other deployments. */
function suspectsOf(run: Run, id: string): readonly string[] {
  const targets = instanceOf(run, id).relationships.map(({ target }) => target);
  return [...new Set(targets)].filter((target) => !standsForDeployment(run, target) && !isProbe(run, target));
}

function noTraffic(id: string, reason: string): Error {
  return failure('TrafficUnexpected', `${id} sees no traffic although all else says it is well: ${reason}`, {
    retryable: false,
  });
}
