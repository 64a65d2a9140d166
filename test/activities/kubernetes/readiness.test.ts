import { expect, it } from 'vitest';
import { readinessOf } from '../../../src/activities/kubernetes/readiness.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { object } from '../../support/kubernetes.ts';

const of = (kind: string, spec: JsonObject, status: JsonObject) =>
  readinessOf({ ...object(kind, 'x', { spec, status }), metadata: { name: 'x', generation: 2 } });
const condition = (type: string, status: string, reason = '') => ({ conditions: [{ type, status, reason }] });
const seen = { observedGeneration: 2 };

it.each([
  ['Pod', {}, { phase: 'Running', ...condition('Ready', 'True') }],
  ['Pod', {}, { phase: 'Succeeded' }],
  ['ReplicationController', { replicas: 2 }, { ...seen, replicas: 2, readyReplicas: 2 }],
  ['ReplicationController', { replicas: 0 }, { ...seen, replicas: 0 }],
  ['Deployment', { replicas: 1 }, { ...seen, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }],
  [
    'StatefulSet',
    { replicas: 1 },
    { ...seen, replicas: 1, readyReplicas: 1, currentRevision: 'a', updateRevision: 'a' },
  ],
  ['DaemonSet', {}, { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }],
  ['Service', { type: 'ClusterIP' }, {}],
  ['Service', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } }],
  ['Job', {}, condition('Complete', 'True')],
  ['PersistentVolumeClaim', {}, { phase: 'Pending' }],
  ['CustomResourceDefinition', {}, condition('Established', 'True')],
  ['ConfigMap', {}, {}],
  ['Widget', {}, {}],
])('%s %o %o is ready', (kind, spec, status) => {
  expect(of(kind, spec, status)).toEqual({ ready: true });
});

it.each([
  ['Pod', {}, { phase: 'Pending' }, false],
  ['Pod', {}, { phase: 'Running', ...condition('Ready', 'False') }, false],
  ['Pod', {}, { phase: 'Failed' }, true],
  ['ReplicationController', { replicas: 2 }, { ...seen, replicas: 2, readyReplicas: 1 }, false],
  ['ReplicationController', { replicas: 1 }, { observedGeneration: 1, replicas: 1, readyReplicas: 1 }, false],
  ['ReplicationController', { replicas: 1 }, { ...seen, replicas: 2, readyReplicas: 2 }, false],
  ['Deployment', { replicas: 2 }, { ...seen, replicas: 3, updatedReplicas: 1, availableReplicas: 2 }, false],
  ['Deployment', {}, { ...seen, ...condition('Progressing', 'False', 'ProgressDeadlineExceeded') }, true],
  [
    'StatefulSet',
    {},
    { ...seen, replicas: 1, readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
    false,
  ],
  [
    'DaemonSet',
    {},
    { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
    false,
  ],
  ['Service', { type: 'LoadBalancer' }, {}, false],
  ['Job', {}, condition('Failed', 'True'), true],
  ['PersistentVolumeClaim', {}, { phase: 'Lost' }, true],
  ['Widget', {}, condition('Ready', 'False'), false],
])('%s %o %o is not ready', (kind, spec, status, hopeless) => {
  expect(of(kind, spec, status)).toMatchObject({ ready: false, hopeless });
});
