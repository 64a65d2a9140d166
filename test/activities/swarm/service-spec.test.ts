import { describe, expect, test } from 'vitest';
import { serviceName, serviceSpec } from '../../../src/activities/swarm/service-spec.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';

const owner = { installation: 'here', deployment: 'chain', instance: 'lb_x7k2pd' };
const container = {
  image: 'nginx:1',
  entry_point: '/start.sh -v',
  env: { SERVERS: '10.0.0.1,10.0.0.2', N: 3 },
};
const port = { protocol: 'tcp', published_port: 8080, target_port: 80, mode: 'host' };

function build(properties: JsonObject, containers: JsonObject[] = [container], ports: JsonObject[] = [port]) {
  return serviceSpec({ node: 'lb', index: 0, properties }, { containers, ports }, owner);
}

describe('the body of a service', () => {
  test('comes from the Microservice, its Container and its Port', () => {
    expect(build({ replicas: 2, labels: { tier: 'front' } })).toEqual({
      Name: 'lb',
      Labels: {
        tier: 'front',
        'io.braid.deployment': 'chain',
        'io.braid.instance': 'lb_x7k2pd',
        'io.braid.installation': 'here',
      },
      TaskTemplate: {
        ContainerSpec: {
          Image: 'nginx:1',
          Command: ['/start.sh', '-v'],
          Env: ['SERVERS=10.0.0.1,10.0.0.2', 'N=3'],
        },
      },
      Mode: { Replicated: { Replicas: 2 } },
      EndpointSpec: {
        Mode: 'dnsrr',
        Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' }],
      },
    });
  });

  test('understands the published plugin’s way of saying it', () => {
    const spec = build(
      {
        name: 'web',
        task_template: { container_spec: { image: 'httpd:2', labels: { some_label: 'kept' } } },
        mode: { replicated: { replicas: 3 } },
        update_config: { failure_action: 'rollback' },
        endpoint_spec: { ports: [{ target_port: 80, published_port: 81 }] },
      },
      [],
      [],
    );
    expect(spec).toMatchObject({
      Name: 'web',
      TaskTemplate: { ContainerSpec: { Image: 'httpd:2', Labels: { some_label: 'kept' } } },
      Mode: { Replicated: { Replicas: 3 } },
      UpdateConfig: { FailureAction: 'rollback' },
      EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 81, PublishMode: 'host' }] },
    });
  });

  test('is named by its property or its node, and numbered from the second instance on', () => {
    expect(serviceName({ node: 'lb', index: 0, properties: { name: '' } })).toBe('lb');
    expect(serviceName({ node: 'lb', index: 1, properties: { name: 'web' } })).toBe('web-1');
  });

  test('puts limits where Docker looks for them', () => {
    expect(
      build({ limits: { memory_bytes: 1 }, placement: { constraints: ['node.role==worker'] } }),
    ).toMatchObject({
      TaskTemplate: {
        Resources: { Limits: { MemoryBytes: 1 } },
        Placement: { Constraints: ['node.role==worker'] },
      },
    });
  });

  test('uses a virtual address only for the ingress mesh', () => {
    expect(build({}, [container], [{ ...port, mode: 'ingress' }])).toMatchObject({
      EndpointSpec: { Mode: 'vip' },
    });
  });

  test('mounts the volumes of its container', () => {
    const mounts = [{ type: 'bind', source: '/data', target: '/srv', readonly: true }];
    expect(build({}, [{ ...container, mounts }])).toMatchObject({
      TaskTemplate: {
        ContainerSpec: { Mounts: [{ Type: 'bind', Source: '/data', Target: '/srv', ReadOnly: true }] },
      },
    });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['no image', () => build({}, []), /has no image/],
    ['two containers', () => build({}, [container, container]), /runs one container/],
    ['a compose file', () => build({ compose_file: 'a.yaml' }), /compose_file is not supported/],
    ['a port that is none', () => build({}, [container], [{ target_port: 70_000 }]), /target_port/],
    ['an environment that is none', () => build({}, [{ ...container, env: ['X'] }]), /NAME=value/],
    ['replicas that are none', () => build({ replicas: 'many' }), /replicas/],
  ])('refuses %s', (_case, make, message) => {
    expect(make).toThrow(message);
  });
});
