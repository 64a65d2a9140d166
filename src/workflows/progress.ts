import type { ExecutionProgress, InstanceProgress } from '../contracts/progress.ts';
import type { InstanceState } from '../contracts/record.ts';
import type { Run } from './lifecycle/run.ts';

/** How far an execution is, instance by instance. */
export function progressOf(run: Run): ExecutionProgress {
  const instances = [...run.journal.instances.values()].map(
    ({ id, node, state }): InstanceProgress => ({
      id,
      node,
      state,
      operation: run.activity.get(id) ?? null,
      error: run.errors.get(id) ?? null,
      execution: run.children.get(id) ?? null,
    }),
  );
  const goal: InstanceState = run.kind === 'uninstall' ? 'deleted' : 'started';
  const done = instances.filter(({ state }) => state === goal).length;
  return { deployment: run.deployment, step: run.kind, instances, done, total: instances.length };
}
