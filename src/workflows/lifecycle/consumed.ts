import type { Json } from '../../contracts/json.ts';
import { type OfferedValues, valuesOffered } from '../../contracts/offers.ts';
import { asWritten, type Value } from '../../contracts/sealed.ts';
import { capabilitiesRead, evaluate } from '../../language/functions/index.ts';
import { patientSystem, system } from '../system-activities.ts';
import { failure } from '../../contracts/failure.ts';
import type { Run } from './run.ts';
import { CapabilityUnread, scopeOf, type Viewpoint } from './scope.ts';

/**
 * Evaluates a value as seen from one place of the deployment. Whatever deployments it reads capabilities of,
 * itself or by properties that it leads to, are read first. Throws EvaluationError.
 */
export async function evaluated(run: Run, viewpoint: Viewpoint, value: Json): Promise<Value> {
  for (;;) {
    try {
      return evaluate(value, scopeOf(run, viewpoint));
    } catch (error) {
      if (!(error instanceof CapabilityUnread)) throw error;
      await load(run, error.deployment);
    }
  }
}

/** Reads, and becomes a consumer of, each deployment whose capabilities the values read. */
export async function loadConsumed(run: Run, viewpoint: Viewpoint, values: readonly Json[]): Promise<void> {
  for (const wanted of values.flatMap(capabilitiesRead)) {
    const deployment = evaluate(wanted.deployment, scopeOf(run, viewpoint));
    await load(run, deployment);
  }
}

async function load(run: Run, deployment: Value): Promise<void> {
  if (typeof deployment !== 'string' || deployment === '') {
    throw failure(
      'AttributeUnresolved',
      `get_capability needs a deployment’s name, and got ${JSON.stringify(asWritten(deployment))}.`,
    );
  }
  if (run.consumed.has(deployment)) return;
  try {
    run.consumed.set(deployment, await read(run, deployment));
  } catch (error) {
    if (!run.lenient) throw error;
    run.consumed.set(deployment, { outputs: {}, capabilities: {} });
  }
}

/** Only what installs or heals becomes a consumer; an uninstall or a check looks on. */
async function read(run: Run, deployment: string): Promise<OfferedValues> {
  const offers = await (run.kind === 'install' || run.kind === 'heal'
    ? patientSystem.consumeDeployment({ deployment, consumer: run.deployment })
    : system.readDeployment({ deployment }));
  return valuesOffered(offers);
}
