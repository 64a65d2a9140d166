import { expect, it } from 'vitest';
import {
  templateHashOf,
  withEnvironment,
  withTemplateHash,
} from '../../../../src/activities/kubernetes/manifests/pod-template.ts';
import type { JsonObject } from '../../../../src/contracts/json.ts';
import { object } from '../../../support/kubernetes.ts';

const podSpec: JsonObject = {
  initContainers: [{ name: 'first' }],
  containers: [
    {
      name: 'one',
      env: [
        { name: 'KEEP', value: '1' },
        { name: 'ROUTES', valueFrom: { x: 'y' } },
      ],
    },
    { name: 'two' },
  ],
};

it('merges the environment into every container of every kind that makes pods', () => {
  const controller = withEnvironment(
    object('ReplicationController', 'router', { spec: { template: { spec: podSpec } } }),
    {
      ROUTES: '10.0.0.0/8 eth1',
      COUNT: 3,
      KEEP: null,
    },
  );
  const env = [
    { name: 'ROUTES', value: '10.0.0.0/8 eth1' },
    { name: 'COUNT', value: '3' },
  ];
  expect(controller).toMatchObject({
    spec: {
      template: {
        spec: {
          initContainers: [{ name: 'first', env }],
          containers: [
            { name: 'one', env },
            { name: 'two', env },
          ],
        },
      },
    },
  });
  expect(withEnvironment(object('Pod', 'p', { spec: podSpec }), { A: 'b' })).toMatchObject({
    spec: { containers: [{ env: [{ name: 'KEEP' }, { name: 'ROUTES' }, { name: 'A', value: 'b' }] }, {}] },
  });
  expect(withEnvironment(object('Service', 's', { spec: {} }), { A: 'b' })).toEqual(
    object('Service', 's', { spec: {} }),
  );
});

function hash(containers: readonly JsonObject[]) {
  const spec = { template: { spec: { containers } } };
  return templateHashOf(withTemplateHash(object('ReplicationController', 'r', { spec })));
}

it('marks a template with a hash that only its content decides', () => {
  expect(hash([{ name: 'a', image: 'b' }])).toBe(hash([{ image: 'b', name: 'a' }]));
  expect(hash([{ name: 'a', image: 'b' }])).not.toBe(hash([{ name: 'a', image: 'c' }]));
});
