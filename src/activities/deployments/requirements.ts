import { ApplicationFailure } from '@temporalio/common';
import type { Requirements } from '../../contracts/activities.ts';
import { atOnce } from '../at-once.ts';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Deployments } from './deployments.ts';

/**
 * Refuses a new deployment while another that it asks for is not there, as DeploymentNotFound, or does not have
 * the outputs, as CapabilityMissing; one that is still being installed is waited for later. And when there is
 * nothing to make its machines on, as ProviderUnavailable, at once: nothing has begun yet.
 */
export async function refuseUnmet(
  deployment: string,
  required: Requirements,
  { deployments, reachMachines }: Means,
): Promise<void> {
  if (required.deployments.length === 0 && !required.machines) return;
  if (await exists(deployment, deployments)) return;
  for (const { deployment: name, outputs } of required.deployments) {
    const record = await deployments.read(name);
    if (record.phase === 'installed') refuseMissingOutputs(name, outputs, record.outputs);
  }
  if (required.machines) await atOnce(['ProviderUnavailable'], reachMachines);
}

type Means = { readonly deployments: Deployments; readonly reachMachines: () => Promise<void> };

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
