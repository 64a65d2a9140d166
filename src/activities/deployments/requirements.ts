import { ApplicationFailure } from '@temporalio/common';
import type { Requirement } from '../../contracts/activities.ts';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Deployments } from './deployments.ts';

/**
 * Refuses a new deployment while another that it asks for is not there, as DeploymentNotFound, or does not have
 * the outputs, as CapabilityMissing. One that is still being installed is waited for later.
 */
export async function refuseUnmet(
  deployment: string,
  requirements: readonly Requirement[],
  deployments: Deployments,
): Promise<void> {
  if (requirements.length === 0 || (await exists(deployment, deployments))) return;
  for (const { deployment: name, outputs } of requirements) {
    const record = await deployments.read(name);
    if (record.phase === 'installed') refuseMissingOutputs(name, outputs, record.outputs);
  }
}

async function exists(deployment: string, deployments: Deployments): Promise<boolean> {
  try {
    await deployments.read(deployment);
    return true;
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === 'DeploymentNotFound') return false;
    throw error;
  }
}

/** Fails as CapabilityMissing, telling which there are. */
export function refuseMissingOutputs(
  deployment: string,
  names: readonly string[],
  outputs: JsonObject,
): void {
  const missing = names.filter((name) => !Object.hasOwn(outputs, name));
  if (missing.length === 0) return;
  const known = Object.keys(outputs).join(', ');
  throw failure(
    'CapabilityMissing',
    `The deployment ${deployment} has no output ${missing.join(', ')}; it has ${known === '' ? 'none' : known}.`,
  );
}
