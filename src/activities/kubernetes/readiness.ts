import { at, count, type KubeObject, list, text } from './objects.ts';

/** Whether an object does what it is for. `hopeless`: waiting longer will not help. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly reason: string; readonly hopeless: boolean };

/** By kind; what has no notion of readiness is ready as soon as it exists. */
export function readinessOf(object: KubeObject): Readiness {
  return (rules[object.kind] ?? byReadyCondition)(object);
}

type Rule = (object: KubeObject) => Readiness;

const ready: Readiness = { ready: true };

const rules: Readonly<Record<string, Rule>> = {
  Pod: podReadiness,
  ReplicationController: replicasReadiness,
  ReplicaSet: replicasReadiness,
  Deployment: deploymentReadiness,
  StatefulSet: statefulSetReadiness,
  DaemonSet: daemonSetReadiness,
  Job: jobReadiness,
  Service: serviceReadiness,
  Namespace: (object) => phaseReadiness(object, ['Active'], []),
  PersistentVolume: (object) => phaseReadiness(object, ['Available', 'Bound'], ['Failed']),
  // A claim may stay pending until its first consumer is there.
  PersistentVolumeClaim: (object) => phaseReadiness(object, ['Pending', 'Available', 'Bound'], ['Lost']),
  CustomResourceDefinition: (object) => conditionReadiness(object, 'Established'),
  Node: (object) => conditionReadiness(object, 'Ready'),
};

function podReadiness(pod: KubeObject): Readiness {
  const phase = text(pod, 'status', 'phase') ?? 'Pending';
  if (phase === 'Succeeded' || (phase === 'Running' && conditionOf(pod, 'Ready') === 'True')) return ready;
  if (phase === 'Failed')
    return notYet(`failed: ${text(pod, 'status', 'reason') ?? 'a container ended'}`, true);
  return notYet(phase === 'Running' ? 'runs but is not ready' : `is ${phase.toLowerCase()}`);
}

function replicasReadiness(object: KubeObject): Readiness {
  const wanted = wantedReplicas(object);
  if (!isObserved(object)) return notSeen();
  return allOf(
    wanted,
    count(object, 'status', 'readyReplicas') ?? 0,
    count(object, 'status', 'replicas') ?? 0,
  );
}

function deploymentReadiness(object: KubeObject): Readiness {
  const stuck = list(object, 'status', 'conditions').find(
    (condition) => condition.type === 'Progressing' && condition.reason === 'ProgressDeadlineExceeded',
  );
  if (!isObserved(object)) return notSeen();
  if (stuck !== undefined) return notYet(text(stuck, 'message') ?? 'made no progress', true);
  const wanted = wantedReplicas(object);
  const updated = count(object, 'status', 'updatedReplicas') ?? 0;
  if (updated < wanted) return notYet(`${updated} of ${wanted} pods are of the new template`);
  return allOf(
    wanted,
    count(object, 'status', 'availableReplicas') ?? 0,
    count(object, 'status', 'replicas') ?? 0,
  );
}

function statefulSetReadiness(object: KubeObject): Readiness {
  if (!isObserved(object)) return notSeen();
  const wanted = wantedReplicas(object);
  const updated = text(object, 'status', 'updateRevision');
  const isRolling = at(object, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
  if (isRolling && wanted > 0 && updated !== text(object, 'status', 'currentRevision'))
    return notYet('pods of the old template remain');
  return allOf(
    wanted,
    count(object, 'status', 'readyReplicas') ?? 0,
    count(object, 'status', 'replicas') ?? 0,
  );
}

function daemonSetReadiness(object: KubeObject): Readiness {
  if (!isObserved(object)) return notSeen();
  const wanted = count(object, 'status', 'desiredNumberScheduled') ?? 0;
  const updated = count(object, 'status', 'updatedNumberScheduled') ?? 0;
  const isRolling = at(object, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
  if (isRolling && updated < wanted) return notYet(`${updated} of ${wanted} pods are of the new template`);
  const available = count(object, 'status', 'numberAvailable') ?? 0;
  return available >= wanted ? ready : notYet(`${available} of ${wanted} pods are available`);
}

function jobReadiness(job: KubeObject): Readiness {
  if (conditionOf(job, 'Complete') === 'True') return ready;
  const failed = list(job, 'status', 'conditions').find((c) => c.type === 'Failed' && c.status === 'True');
  return failed === undefined ? notYet('has not ended') : notYet(text(failed, 'message') ?? 'failed', true);
}

/** Only a load balancer has something to wait for. */
function serviceReadiness(service: KubeObject): Readiness {
  if (at(service, 'spec', 'type') !== 'LoadBalancer') return ready;
  const given = list(service, 'status', 'loadBalancer', 'ingress').length > 0;
  return given ? ready : notYet('its load balancer has no address');
}

function phaseReadiness(object: KubeObject, good: readonly string[], lost: readonly string[]): Readiness {
  const phase = text(object, 'status', 'phase') ?? 'not seen yet';
  return good.includes(phase) ? ready : notYet(`is ${phase}`, lost.includes(phase));
}

function conditionReadiness(object: KubeObject, type: string): Readiness {
  return conditionOf(object, type) === 'True' ? ready : notYet(`is not ${type}`);
}

/** Custom objects say it in a condition by custom, or not at all. */
function byReadyCondition(object: KubeObject): Readiness {
  const status = conditionOf(object, 'Ready');
  return status === undefined || status === 'True' ? ready : notYet('its condition Ready is not True');
}

function allOf(wanted: number, good: number, present: number): Readiness {
  if (good < wanted) return notYet(`${good} of ${wanted} pods are ready`);
  return present > wanted ? notYet(`${present - wanted} pods too many remain`) : ready;
}

function conditionOf(object: KubeObject, type: string): string | undefined {
  const condition = list(object, 'status', 'conditions').find((candidate) => candidate.type === type);
  return text(condition, 'status');
}

function isObserved(object: KubeObject): boolean {
  const generation = count(object, 'metadata', 'generation') ?? 0;
  return (count(object, 'status', 'observedGeneration') ?? 0) >= generation;
}

function wantedReplicas(object: KubeObject): number {
  return count(object, 'spec', 'replicas') ?? 1;
}

function notSeen(): Readiness {
  return notYet('its controller has not seen it yet');
}

function notYet(reason: string, hopeless = false): Readiness {
  return { ready: false, reason, hopeless };
}
