import { failure } from '../../contracts/failure.ts';
import { type Offers, offersOfValues } from '../../contracts/offers.ts';
import type { PlanValue } from '../../contracts/plan.ts';
import type { Value, ValueMap } from '../../contracts/sealed.ts';
import { EvaluationError } from '../../language/functions/index.ts';
import { evaluated } from './consumed.ts';
import type { Run } from './run.ts';

/** Outputs and capabilities as the runtime properties now make them. */
export async function offersOf(run: Run): Promise<Offers> {
  const { outputs, capabilities } = run.plan;
  return offersOfValues({
    outputs: await allOf(run, 'output', outputs),
    capabilities: await allOf(run, 'capability', capabilities),
  });
}

async function allOf(run: Run, kind: string, values: Readonly<Record<string, PlanValue>>): Promise<ValueMap> {
  const entries: [string, Value][] = [];
  for (const [name, { value }] of Object.entries(values)) {
    try {
      entries.push([name, await evaluated(run, {}, value)]);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      throw failure('AttributeUnresolved', `The ${kind} ${name}: ${error.message}`, { cause: error });
    }
  }
  return Object.fromEntries(entries);
}
