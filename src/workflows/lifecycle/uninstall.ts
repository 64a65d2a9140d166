import { isCancellation } from '@temporalio/workflow';
import type { InstanceState } from '../../contracts/record.ts';
import { sourcesByTarget } from '../../topology/sources.ts';
import { inOrder, type Outcome } from './graph.ts';
import { operations } from './interfaces.ts';
import { runNodeOperation } from './operation.ts';
import { runRelationshipStep } from './relationship-steps.ts';
import { instanceOf, type Run } from './run.ts';

export type UninstallOptions = {
  /** Called with what fails, which is then passed over. Undefined: a failure stops its branch. */
  readonly passOver?: (instance: string, operation: string, error: unknown) => void;
};

/** Takes instances back to nothing, each after all that have a relationship to it. */
export function uninstallInstances(
  run: Run,
  ids: readonly string[],
  options: UninstallOptions = {},
): Promise<ReadonlyMap<string, Outcome>> {
  const sources = sourcesByTarget(run.journal.instances.values());
  return inOrder(
    [...ids].reverse(),
    (id) => sources.get(id) ?? [],
    (id) => uninstallInstance(run, id, options),
  );
}

const untouched: readonly InstanceState[] = ['uninitialized', 'deleted'];
/** What was never started, or is stopped already, is not stopped. */
const running: readonly InstanceState[] = ['starting', 'started', 'stopping'];

async function uninstallInstance(run: Run, id: string, { passOver }: UninstallOptions): Promise<void> {
  const { state } = instanceOf(run, id);
  if (untouched.includes(state)) return;
  if (running.includes(state)) {
    run.journal.note({ id, state: 'stopping' });
    await step(operations.validateDelete);
    await step(operations.stopMonitoring);
    await step(operations.prestop);
    await step(operations.stop);
    run.journal.note({ id, state: 'stopped' });
  }
  await attempt('unlink', () => runRelationshipStep(run, id, 'unlink'));
  run.journal.note({ id, state: 'deleting' });
  await step(operations.delete);
  await step(operations.postdelete);
  run.journal.note({ id, reset: true, state: 'deleted' });

  function step(name: string): Promise<void> {
    return attempt(name, () => runNodeOperation(run, id, name));
  }

  async function attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (passOver === undefined || isCancellation(error)) throw error;
      passOver(id, name, error);
    }
  }
}
