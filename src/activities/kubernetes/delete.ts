import { ApplicationFailure } from '@temporalio/common';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { knowsKind, read, type RemoveOptions, remove } from './cluster/api.ts';
import { count, nameOf, type ObjectReference, referenceOf, text, type KubeObject } from './objects.ts';
import { isOwned } from './ownership.ts';
import { emptyRecord, recordedObjects } from './records.ts';
import { manifestsOf, placeKnown, type Scope, scopeOf } from './scope.ts';
import { waitGone } from './wait.ts';

/** Removes an instance's objects and waits until they and their pods are gone. Absence is success. */
export async function deleteObjects(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const scope = await scopeOf(context, tools);
  if (scope.external) return { runtimeProperties: emptyRecord };
  const objects = await ownObjects(scope);
  for (const object of [...objects].reverse()) {
    tools.heartbeat({ deleting: nameOf(referenceOf(object)) });
    await remove(scope.cluster, object, tools.signal, removalOf(scope));
  }
  const leavesPods = text(scope.self.properties, 'options', 'propagation_policy') === 'Orphan';
  await waitGone(leavesPods ? { ...scope, owner: undefined } : scope, objects);
  return { runtimeProperties: emptyRecord };
}

/** What is in the cluster of all that was recorded and all that the manifests say, and is ours. */
async function ownObjects(scope: Scope): Promise<readonly KubeObject[]> {
  const { cluster, owner, tools } = scope;
  const recorded = recordedObjects(scope.self);
  const known = new Map([...recorded, ...(await wanted(scope, recorded))].map((one) => [nameOf(one), one]));
  const own: KubeObject[] = [];
  for (const reference of known.values()) {
    if (!(await knowsKind(cluster, reference, tools.signal))) continue;
    const live = await read(cluster, reference, tools.signal);
    if (live === undefined) continue;
    if (isOwned(live, owner)) own.push(live);
    else tools.log(`${nameOf(reference)} is not of this instance; it is left alone`);
  }
  return own;
}

/** A crash may have come between applying and recording, so the manifests count as well. */
async function wanted(
  scope: Scope,
  recorded: readonly ObjectReference[],
): Promise<readonly ObjectReference[]> {
  try {
    return (await placeKnown(scope, await manifestsOf(scope))).map(referenceOf);
  } catch (error) {
    // Manifests that cannot be read any more (an attribute is gone) must not keep the recorded ones alive.
    const isTransient = !(error instanceof ApplicationFailure) || error.nonRetryable !== true;
    if (isTransient || (recorded.length === 0 && error.type === 'Unauthorized')) throw error;
    scope.tools.log(`What was never recorded cannot be told: ${error.message}`);
    return [];
  }
}

function removalOf(scope: Scope): RemoveOptions {
  const graceSeconds = count(scope.self.properties, 'options', 'grace_period_seconds');
  const propagation = text(scope.self.properties, 'options', 'propagation_policy');
  return {
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
    ...(propagation === undefined || propagation === '' ? {} : { propagation }),
  };
}
