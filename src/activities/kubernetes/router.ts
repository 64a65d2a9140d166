import { failure } from '../../contracts/failure.ts';
import type { HopEvidence, OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { applyObjects } from './apply.ts';
import { read } from './cluster/api.ts';
import { runInPod } from './cluster/exec.ts';
import { ensureObject, refuseOthers } from './ensure.ts';
import { type KubeObject, list, nameOf, referenceOf, text, withValue } from './objects.ts';
import { assertOwned } from './ownership.ts';
import { isLeaving, podsOf, namespacesOf } from './pods.ts';
import { readinessOf } from './readiness.ts';
import { recordOf } from './records.ts';
import { readCounters, routerProbe } from './router-counters.ts';
import { manifestsOf, placeKnown, type Scope, scopeOf } from './scope.ts';
import { waitNoPods } from './wait.ts';

const scalable = new Set(['ReplicationController', 'ReplicaSet', 'Deployment', 'StatefulSet']);

/** What the router has forwarded so far, by the kernel's own counters in the router's pod. */
export async function observeRouter(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const scope = await scopeOf(context, tools);
  const pod = await runningPod(scope);
  const namespace = text(pod, 'metadata', 'namespace') ?? 'default';
  const container =
    text(context.inputs, 'container') ?? text(list(pod, 'spec', 'containers')[0], 'name') ?? '';
  const output = await runInPod(
    scope.cluster,
    { namespace, pod: pod.metadata.name, container, command: ['sh', '-c', routerProbe] },
    tools.signal,
  );
  const seen = readCounters(output);
  if (seen.speaksRouting && seen.routes.length === 0)
    throw failure(
      'NotReady',
      `The router ${pod.metadata.name} has no static route, so nothing goes through it.`,
    );
  const evidence: HopEvidence = {
    role: text(context.inputs, 'role') ?? 'router',
    at: `${pod.metadata.name} on ${text(pod, 'spec', 'nodeName') ?? 'no node'}`,
    addresses: seen.addresses.length > 0 ? seen.addresses : [text(pod, 'status', 'podIP') ?? ''],
    counters: seen.counters,
  };
  return { result: { ...evidence, counters: { ...evidence.counters }, addresses: [...evidence.addresses] } };
}

/** Takes the router away, its objects left with no replica, and waits until its pods are gone. */
export async function withdrawRouter(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const scope = await scopeOf(context, tools);
  const desired = await placeKnown(scope, await manifestsOf(scope));
  const workloads = desired.filter((object) => scalable.has(object.kind));
  if (workloads.length === 0)
    throw failure(
      'OperationInputInvalid',
      `${scope.self.node} has nothing whose replicas could be withdrawn.`,
    );
  for (const workload of workloads) await withdraw(scope, workload);
  await waitNoPods(scope, workloads);
  const live = await Promise.all(
    desired.map((object) => read(scope.cluster, referenceOf(object), tools.signal)),
  );
  return {
    runtimeProperties: recordOf(
      live.filter((object) => object !== undefined),
      [],
    ),
  };
}

/** Back to the manifest's replicas, and ready. */
export async function restoreRouter(context: OperationContext, tools: Tools): Promise<OperationResult> {
  return await applyObjects(context, tools);
}

async function withdraw(scope: Scope, workload: KubeObject): Promise<void> {
  const live = await read(scope.cluster, referenceOf(workload), scope.tools.signal);
  if (live === undefined) return;
  assertOwned(live, scope.owner, false);
  await ensureObject(scope, { ...workload, ...withValue(workload, ['spec', 'replicas'], 0) });
}

async function runningPod(scope: Scope): Promise<KubeObject> {
  const { self, cluster, owner, tools } = scope;
  const desired = await placeKnown(scope, await manifestsOf(scope));
  await refuseOthers(scope, desired);
  const pods = await podsOf(cluster, owner, namespacesOf(desired), tools.signal);
  const running = pods.find((pod) => !isLeaving(pod) && readinessOf(pod).ready);
  if (running !== undefined) return running;
  const names = desired.map((object) => nameOf(referenceOf(object))).join(', ');
  throw failure('NotReady', `No pod of ${self.id} (${names}) runs, so it carries no traffic.`);
}
