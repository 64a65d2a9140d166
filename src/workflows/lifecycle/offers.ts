import type { Json, JsonObject } from '../../contracts/json.ts';
import { failure } from '../../contracts/failure.ts';
import type { PlanValue } from '../../contracts/plan.ts';
import { evaluate, EvaluationError } from '../../language/functions/index.ts';
import { loadConsumed } from './consumed.ts';
import type { Run } from './run.ts';
import { scopeOf } from './scope.ts';

/** Outputs and capabilities as the runtime properties now make them. */
export async function offersOf(
  run: Run,
): Promise<{ readonly outputs: JsonObject; readonly capabilities: JsonObject }> {
  const { outputs, capabilities } = run.plan;
  return {
    outputs: await evaluated(run, 'output', outputs),
    capabilities: await evaluated(run, 'capability', capabilities),
  };
}

async function evaluated(
  run: Run,
  kind: string,
  values: Readonly<Record<string, PlanValue>>,
): Promise<JsonObject> {
  const entries: [string, Json][] = [];
  for (const [name, { value }] of Object.entries(values)) {
    await loadConsumed(run, {}, [value]);
    try {
      entries.push([name, evaluate(value, scopeOf(run, {}))]);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      throw failure('AttributeUnresolved', `The ${kind} ${name}: ${error.message}`, { cause: error });
    }
  }
  return Object.fromEntries(entries);
}
