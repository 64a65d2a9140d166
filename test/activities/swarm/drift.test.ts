import { expect, test } from 'vitest';
import { differences, sameTemplate } from '../../../src/activities/swarm/drift.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';

const wanted: JsonObject = {
  Name: 'lb',
  Labels: { 'io.braid.deployment': 'chain' },
  TaskTemplate: { ContainerSpec: { Image: 'nginx:1', Env: ['B=2', 'A=1'] } },
  Mode: { Replicated: { Replicas: 1 } },
  UpdateConfig: { Parallelism: 1 },
  EndpointSpec: { Mode: 'dnsrr', Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishMode: 'host' }] },
};

/** As an engine tells it back. */
const live = {
  ...wanted,
  TaskTemplate: {
    ContainerSpec: {
      Image: 'nginx:1',
      Env: ['A=1', 'B=2'],
      Init: false,
      DNSConfig: {},
      Isolation: 'default',
    },
    Resources: { Limits: {}, Reservations: {} },
    Placement: {},
    ForceUpdate: 3,
    Runtime: 'container',
  },
  UpdateConfig: { Parallelism: 1, FailureAction: 'pause', MaxFailureRatio: 0, Order: 'stop-first' },
} satisfies JsonObject;

test('what Docker adds by itself is no difference', () => {
  expect(differences(wanted, live)).toEqual([]);
});

test.each<[string, JsonObject, readonly string[]]>([
  [
    'an environment',
    { TaskTemplate: { ContainerSpec: { Image: 'nginx:1', Env: ['A=2', 'B=2'] } } },
    ['tasktemplate.containerspec.env'],
  ],
  [
    'an image',
    { TaskTemplate: { ContainerSpec: { Image: 'nginx:2', Env: ['A=1', 'B=2'] } } },
    ['tasktemplate.containerspec.image'],
  ],
  ['replicas', { Mode: { Replicated: { Replicas: 0 } } }, ['mode.replicated.replicas']],
  [
    'a label',
    { Labels: { 'io.braid.deployment': 'chain', Extra: '', added: 'x' } },
    ['labels.Extra', 'labels.added'],
  ],
  [
    'an update’s order',
    { UpdateConfig: { Parallelism: 1, FailureAction: 'pause', MaxFailureRatio: 0, Order: 'start-first' } },
    ['updateconfig.order'],
  ],
  ['a port', { EndpointSpec: { Mode: 'dnsrr' } }, ['endpointspec.ports']],
])('%s that differs is told by its path, without a value', (_case, change, paths) => {
  expect(differences(wanted, { ...live, ...change })).toEqual(paths);
});

test('a task made before a forced restart is of an earlier kind', () => {
  expect(sameTemplate(live.TaskTemplate, live.TaskTemplate)).toBe(true);
  expect(sameTemplate({ ...live.TaskTemplate, ForceUpdate: 2 }, live.TaskTemplate)).toBe(false);
});
