import { expect, test } from 'vitest';
import { attachContainer, attachPort, attachVolume, partsOf } from '../../../src/activities/swarm/parts.ts';
import { secretReference } from '../../../src/contracts/sealed.ts';
import { instance, relationshipContext, target } from './contexts.ts';
import { testTools } from './tools.ts';

const tools = testTools();
const service = instance('lb', 'cloudify.swarm.Microservice');
const container = instance('nginx', 'cloudify.swarm.Container', {
  properties: { image: 'nginx:1', env: { SERVERS: { get_secret: 'servers' } }, entry_point: [] },
});

test('a container, a port and a volume are written onto the source', async () => {
  const port = instance('http', 'cloudify.swarm.Port', {
    properties: { target_port: 80, published_port: 8080 },
  });
  const volume = instance('data', 'cloudify.swarm.Volume', {
    properties: { source: 'data', target: '/srv', user: '' },
  });
  expect(await attachPort(relationshipContext(service, port, 'port'), tools)).toEqual({
    sourceRuntimeProperties: { port_http_abc123: { target_port: 80, published_port: 8080 } },
  });
  const mounted = await attachVolume(relationshipContext(container, volume, 'volume'), tools);
  expect(mounted.sourceRuntimeProperties).toEqual({ volume_data_abc123: { source: 'data', target: '/srv' } });
  const withVolume = {
    ...container,
    runtimeProperties: { volume_data_abc123: { source: 'data', target: '/srv' } },
  };
  expect(await attachContainer(relationshipContext(service, withVolume, 'container'), tools)).toEqual({
    sourceRuntimeProperties: {
      container_nginx_abc123: {
        image: 'nginx:1',
        env: { SERVERS: secretReference('servers') },
        entry_point: [],
        mounts: [{ source: 'data', target: '/srv' }],
      },
    },
  });
});

test('a relationship written at the wrong end says so', async () => {
  await expect(attachContainer(relationshipContext(container, service, 'container'), tools)).rejects.toThrow(
    /points the other way: write it at node “lb”, with “nginx” as its target/,
  );
});

test('a part is read anew from its node, and one that no node is attached as is none', () => {
  const changed = { ...container, properties: { image: 'nginx:2' } };
  const runtimeProperties = { container_nginx_abc123: { image: 'nginx:1' }, port_gone_1: { target_port: 1 } };
  const self = { ...service, runtimeProperties, targets: [target('container', changed)] };
  expect(partsOf(self)).toEqual({
    containers: [{ image: 'nginx:2', mounts: [] }],
    ports: [],
  });
});
