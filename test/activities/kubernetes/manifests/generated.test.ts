import { expect, it } from 'vitest';
import { generateManifests } from '../../../../src/activities/kubernetes/manifests/generated.ts';

it('makes a ReplicationController and a Service of an image', () => {
  const properties = {
    name: 'web',
    image: 'nginx',
    port: 80,
    target_port: 8080,
    protocol: 'TCP',
    replicas: 2,
  };
  expect(generateManifests(properties)).toMatchObject([
    {
      kind: 'ReplicationController',
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { run: 'web' },
        template: { spec: { containers: [{ image: 'nginx', ports: [{ containerPort: 8080 }] }] } },
      },
    },
    {
      kind: 'Service',
      spec: { selector: { run: 'web' }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] },
    },
  ]);
});

it('makes no Service without a port, and merges overrides', () => {
  const run_overrides = '{"spec": {"replicas": null, "template": {"spec": {"hostNetwork": true}}}}';
  const [controller, ...rest] = generateManifests({
    name: 'web',
    image: 'nginx',
    port: -1,
    target_port: -1,
    run_overrides,
  });
  expect(rest).toEqual([]);
  expect(controller).toMatchObject({
    spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'web', image: 'nginx' }] } } },
  });
  expect(controller).not.toHaveProperty('spec.replicas');
  expect(() => generateManifests({ name: 'web', image: 'x', run_overrides: 'no json' })).toThrow(
    'run_overrides',
  );
});
