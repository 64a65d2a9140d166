import { isCancellation, log } from '@temporalio/workflow';
import { z } from 'zod';
import { explained } from '../../contracts/explained.ts';
import { failure } from '../../contracts/failure.ts';
import type { Healed } from '../../contracts/operation.ts';
import type { Repair } from '../../contracts/workflows/heal.ts';
import { containedSubgraph } from '../../topology/containment.ts';
import { checkInstance } from './check.ts';
import { throwFailures } from './failures.ts';
import type { Healing } from './heal.ts';
import { installInstances } from './install.ts';
import { operations } from './interfaces.ts';
import { hasOperation, runNodeOperation } from './operation.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';
import { uninstallInstances } from './uninstall.ts';

const healedSchema: z.ZodType<Healed> = z.object({ repaired: z.boolean() });

/** Failures that making the instance anew would not mend, and might make worse. */
const untouchable: readonly string[] = ['ProviderUnavailable', 'Unauthorized', 'HostKeyMismatch', 'Unowned'];

/**
 * Makes an instance well that is not: finishes it, repairs it in place unless that was in vain, or makes it anew.
 * Undefined: its platform did so meanwhile.
 */
export async function repair(
  healing: Healing,
  id: string,
  reason: string,
  { inPlace }: { readonly inPlace: boolean } = { inPlace: true },
): Promise<Repair['action'] | undefined> {
  const { run, options } = healing;
  const isAgain = instanceOf(run, id).repaired === true;
  run.journal.note({ id, repaired: true });
  if (instanceOf(run, id).state !== 'started') {
    throwFailures(run, await installInstances(run, [id]), 'Installing what was not finished');
    return 'installed';
  }
  const done = inPlace && hasOperation(run, id, operations.heal) ? await repairInPlace(run, id) : 'in vain';
  if (done === 'recovered' && !isAgain) return undefined;
  if (done !== 'in vain') return 'healed';
  if (!options.reinstall) {
    throw failure('NotReady', `It is not well (${reason}), and reinstalling it was not allowed.`, {
      retryable: false,
    });
  }
  await reinstall(healing, id);
  return 'reinstalled';
}

export function noteRepair(
  { run, repairs }: Healing,
  id: string,
  reason: string,
  action: Repair['action'],
): void {
  repairs.push({ deployment: run.deployment, instance: id, node: nodeOf(run, id).name, reason, action });
}

/** `recovered`: nothing had to be done. `in vain`: it did not help, and only making it anew can. */
export type InPlace = 'repaired' | 'recovered' | 'in vain';

export async function repairInPlace(run: Run, id: string): Promise<InPlace> {
  const outcome = await runHeal(run, id);
  if (outcome === 'in vain' || !(await checkInstance(run, id)).healthy) return 'in vain';
  return outcome;
}

async function runHeal(run: Run, id: string): Promise<InPlace> {
  try {
    await runNodeOperation(run, id, operations.preheal);
    const told = await runNodeOperation(run, id, operations.heal);
    await runNodeOperation(run, id, operations.postheal);
    return healedSchema.safeParse(told).data?.repaired === false ? 'recovered' : 'repaired';
  } catch (error) {
    if (isCancellation(error) || run.once.has(id) || untouchable.includes(explained(error).code)) throw error;
    log.warn(`Healing ${id} in place failed; it is reinstalled`, { reason: explained(error).message });
    return 'in vain';
  }
}

/**
 * Makes an instance anew. All that it contains is gone or worthless without it: that is removed too, and
 * made again when its turn comes, after whatever else it needs.
 */
export async function reinstall({ run, changed, emptied }: Healing, id: string): Promise<void> {
  const contents = [...containedSubgraph(run.journal.instances.values(), id)].filter((inner) => inner !== id);
  // A machine that cannot be mended goes first: what is on it then has no host, and waits for none.
  const isMachine = instanceOf(run, id).host === id;
  for (const scope of isMachine ? [[id], contents] : [[...contents, id]]) {
    for (const inner of scope) run.once.add(inner);
    const removed = await uninstallInstances(run, scope, { passOver: () => undefined });
    for (const inner of scope) run.once.delete(inner);
    throwFailures(run, removed, 'Removing what is not well');
  }
  for (const inner of contents) {
    emptied.add(inner);
    changed.add(inner);
  }
  throwFailures(run, await installInstances(run, [id]), 'Reinstalling');
}
