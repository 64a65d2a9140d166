import { runRelationshipStep } from './relationship-steps.ts';
import { instanceOf, type Run } from './run.ts';

/**
 * To be noted before an instance is repaired: whatever is linked to it must be linked anew. It is kept in the
 * deployment's record, so that a repair that is broken off is not forgotten.
 */
export function noteStale(run: Run, repaired: string): void {
  for (const { id, state, relationships, stale } of run.journal.instances.values()) {
    const isLinked = state === 'started' && relationships.some(({ target }) => target === repaired);
    if (isLinked && stale !== true) run.journal.note({ id, stale: true });
  }
}

export function isStale(run: Run, id: string): boolean {
  return instanceOf(run, id).stale === true;
}

export async function relink(run: Run, id: string): Promise<void> {
  await runRelationshipStep(run, id, 'preconfigure');
  await runRelationshipStep(run, id, 'postconfigure');
  await runRelationshipStep(run, id, 'establish');
  if (isStale(run, id)) run.journal.note({ id, stale: false });
}
