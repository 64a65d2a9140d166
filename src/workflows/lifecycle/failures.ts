import { explained } from '../../contracts/explained.ts';
import { failure } from '../../contracts/failure.ts';
import type { Outcome } from './graph.ts';
import type { Run } from './run.ts';

/** What went wrong in an instance, in the words of the system that it happened in. */
export type InstanceFailure = { readonly instance: string; readonly code: string; readonly message: string };

/** The failures of a graph, or none. */
function failuresOf(outcomes: ReadonlyMap<string, Outcome>): readonly InstanceFailure[] {
  return [...outcomes].flatMap(([instance, outcome]) =>
    outcome.kind === 'failed' ? [{ instance, ...explained(outcome.error) }] : [],
  );
}

/** Ends the execution with all that failed; those that waited for a failed one are counted. */
export function throwFailures(run: Run, outcomes: ReadonlyMap<string, Outcome>, doing: string): void {
  const failures = failuresOf(outcomes);
  if (failures.length === 0) return;
  for (const { instance, message } of failures) run.errors.set(instance, message);
  const blocked = [...outcomes.values()].filter(({ kind }) => kind === 'blocked').length;
  const lines = failures.map(({ instance, code, message }) => `${instance}: ${code}: ${message}`);
  const rest = blocked === 0 ? '' : ` ${blocked} other instances wait for these.`;
  throw failure(
    'OperationsFailed',
    `${doing} of ${run.deployment} did not succeed. ${lines.join(' | ')}${rest}`,
    {
      details: { failures: failures.map((each) => ({ ...each })), blocked },
    },
  );
}
