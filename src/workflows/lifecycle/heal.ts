import { isCancellation, log } from '@temporalio/workflow';
import type { Health } from '../../contracts/operation.ts';
import type { Repair } from '../../contracts/workflows/heal.ts';
import { containedSubgraph } from '../../topology/containment.ts';
import { failure } from '../../contracts/failure.ts';
import { checkInstance } from './check.ts';
import { explained, throwFailures } from './failures.ts';
import { inOrder, type Outcome } from './graph.ts';
import { operations } from './interfaces.ts';
import { installInstances } from './install.ts';
import { hasOperation, runNodeOperation } from './operation.ts';
import { runRelationshipStep } from './relationship-steps.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';
import { uninstallInstances } from './uninstall.ts';

/** Failures that making the instance anew would not mend, and might make worse. */
const untouchable: readonly string[] = ['ProviderUnavailable', 'Unauthorized', 'HostKeyMismatch', 'Unowned'];

export type Healing = {
  readonly repairs: readonly Repair[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
};

/**
 * Walks the graph as install does. Each instance is checked after what it needs is well, linked anew when
 * that was repaired, and repaired if it is not well itself. What is healthy is not touched.
 */
export async function healInstances(run: Run, allowReinstall: boolean): Promise<Healing> {
  const repairs: Repair[] = [];
  const changed = new Set<string>();
  const outcomes = await inOrder(
    [...run.journal.instances.keys()],
    (id) => instanceOf(run, id).relationships.map(({ target }) => target),
    healInstance,
  );
  return { repairs, outcomes };

  async function healInstance(id: string): Promise<void> {
    if (instanceOf(run, id).relationships.some(({ target }) => changed.has(target))) await relink(id);
    const health = await checkInstance(run, id);
    if (health.healthy) return;
    const action = await repair(id, health);
    changed.add(id);
    repairs.push({ instance: id, node: nodeOf(run, id).name, reason: health.reason, action });
  }

  async function relink(id: string): Promise<void> {
    if (instanceOf(run, id).state !== 'started') return;
    await runRelationshipStep(run, id, 'preconfigure');
    await runRelationshipStep(run, id, 'postconfigure');
    await runRelationshipStep(run, id, 'establish');
  }

  async function repair(id: string, health: Health & { healthy: false }): Promise<Repair['action']> {
    if (instanceOf(run, id).state !== 'started') {
      throwFailures(run, await installInstances(run, [id]), 'Installing what was not finished');
      return 'installed';
    }
    if (hasOperation(run, id, operations.heal) && (await healInPlace(id))) return 'healed';
    if (!allowReinstall) {
      throw failure('NotReady', `It is not well (${health.reason}), and reinstalling it was not allowed.`, {
        retryable: false,
      });
    }
    await reinstall(id);
    return 'reinstalled';
  }

  /** False: it did not help, and only making it anew can. */
  async function healInPlace(id: string): Promise<boolean> {
    try {
      await runNodeOperation(run, id, operations.preheal);
      await runNodeOperation(run, id, operations.heal);
      await runNodeOperation(run, id, operations.postheal);
    } catch (error) {
      if (isCancellation(error) || untouchable.includes(explained(error).code)) throw error;
      log.warn(`Healing ${id} in place failed; it is reinstalled`, { reason: explained(error).message });
      return false;
    }
    return (await checkInstance(run, id)).healthy;
  }

  /** With all that it contains, which is gone or worthless without it. */
  async function reinstall(id: string): Promise<void> {
    const scope = [...containedSubgraph(run.journal.instances.values(), id)];
    const removed = await uninstallInstances(run, scope, { passOver: () => undefined });
    throwFailures(run, removed, 'Removing what is not well');
    const installed = await installInstances(run, scope);
    throwFailures(run, installed, 'Reinstalling');
    for (const inner of scope) changed.add(inner);
  }
}
