import type { Case, Outcome } from './case.ts';
import { compileCase } from './compile-case.ts';
import { mistakesOf } from './exceptions.ts';
import { peerPlan } from './peer/plan.ts';
import { asWritten, evaluated } from './peer/view.ts';

/** The plan of a case's blueprint as the peer tells it, as it is parsed or as a deployment of it has it. */
export async function planCase(one: Case, phase: 'parse' | 'plan'): Promise<Outcome> {
  const parsed = await compileCase(one, null);
  if (parsed.plan === null || parsed.model === null) return failed(parsed);
  if (phase === 'parse') return { kind: 'ok', value: peerPlan(parsed.model, asWritten(false)) };
  const planned = await compileCase(one, one.inputs ?? {});
  if (planned.plan === null || planned.model === null) return failed(planned);
  const late = one.options?.runtime_only_evaluation === true;
  return { kind: 'ok', value: peerPlan(planned.model, late ? asWritten(true) : evaluated(planned.model)) };
}

export function failed({
  diagnostics,
}: Pick<Awaited<ReturnType<typeof compileCase>>, 'diagnostics'>): Outcome {
  return { kind: 'error', mistakes: mistakesOf(diagnostics) };
}
