import { instanceStates, type InstanceState } from '../../contracts/record.ts';
import { type Outcome, inOrder } from './graph.ts';
import { operations } from './interfaces.ts';
import { hasOperation, runNodeOperation } from './operation.ts';
import { runRelationshipStep } from './relationship-steps.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';

/** Brings instances to `started`, each after all that it has relationships to. */
export function installInstances(run: Run, ids: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
  return inOrder(
    ids,
    (id) => instanceOf(run, id).relationships.map(({ target }) => target),
    (id) => installInstance(run, id),
  );
}

/** The sequence of Cloudify's install; what an earlier execution finished is not done again. */
async function installInstance(run: Run, id: string): Promise<void> {
  const { state } = instanceOf(run, id);
  if (state === 'started') return;
  const reached = beforeInstall(state) ? 'uninitialized' : state;
  if (isBefore(reached, 'created')) {
    run.journal.note({ id, state: 'initializing' });
    // Whoever takes over from an execution that was terminated must know what may have been made.
    if (makesAnything(run, id)) await run.journal.told();
    await runNodeOperation(run, id, operations.validateCreate);
    await runNodeOperation(run, id, operations.precreate);
    await runAs(run, id, operations.create, 'creating', 'created');
  }
  if (isBefore(reached, 'configured')) {
    await runRelationshipStep(run, id, 'preconfigure');
    await runAs(run, id, operations.configure, 'configuring', 'configured');
  }
  await runRelationshipStep(run, id, 'postconfigure');
  await runAs(run, id, operations.start, 'starting', undefined);
  await runNodeOperation(run, id, operations.poststart);
  await runNodeOperation(run, id, operations.startMonitoring);
  await runRelationshipStep(run, id, 'establish');
  run.journal.note({ id, state: 'started' });
}

function makesAnything(run: Run, id: string): boolean {
  return Object.keys(nodeOf(run, id).operations).length > 0;
}

/** An operation with the states around it; without an implementation neither is passed. */
async function runAs(
  run: Run,
  id: string,
  name: string,
  during: InstanceState,
  after: InstanceState | undefined,
): Promise<void> {
  if (!hasOperation(run, id, name)) return;
  run.journal.note({ id, state: during });
  await runNodeOperation(run, id, name);
  if (after !== undefined) run.journal.note({ id, state: after });
}

/** An uninstall began on it: every operation may be needed again, and each may run twice. */
function beforeInstall(state: InstanceState): boolean {
  return instanceStates.indexOf(state) > instanceStates.indexOf('started');
}

function isBefore(state: InstanceState, other: InstanceState): boolean {
  return instanceStates.indexOf(state) < instanceStates.indexOf(other);
}
