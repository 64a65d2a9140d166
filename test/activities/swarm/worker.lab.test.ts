import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '../../../src/activities/swarm/index.ts';
import { startMachine, type TestMachine } from '../../support/machine.ts';
import { instance, nodeContext, target } from './contexts.ts';
import { makeImages, startSwarm, type TestSwarm } from './swarm-lab.ts';
import { testTools } from './tools.ts';

let swarm: TestSwarm;
let worker: TestMachine;
beforeAll(async () => {
  [swarm, worker] = await Promise.all([startSwarm(), startMachine()]);
  await worker.inside('systemctl start docker');
  await makeImages(worker);
  const token = (await swarm.docker('swarm join-token -q worker')).trim();
  await worker.inside(`docker swarm join --token ${token} ${swarm.swarmInfo.manager_ip}:2377`);
});
afterAll(() => Promise.all([swarm.machine.remove(), worker.remove()]));

function service() {
  const runtimeProperties = { swarm_info: swarm.swarmInfo };
  const manager = instance('swarm', 'cloudify.nodes.DeploymentProxy', { runtimeProperties });
  const nginx = instance('nginx', 'cloudify.swarm.Container', { properties: { image: 'test:1' } });
  const http = instance('http', 'cloudify.swarm.Port', {
    properties: { target_port: 80, published_port: 8080 },
  });
  return nodeContext(
    instance('lb', 'cloudify.swarm.Microservice', {
      properties: { placement: { constraints: ['node.role==worker'] } },
      runtimeProperties: { container_nginx_abc123: {}, port_http_abc123: {} },
      targets: [
        target('cloudify.swarm.relationships.microservice_contained_in_manager', manager),
        target('cloudify.swarm.relationships.container_contained_in_microservice', nginx),
        target('cloudify.swarm.relationships.port_attached_to_microservice', http),
      ],
    }),
    { secrets: swarm.secrets },
  );
}

async function run(verb: string) {
  const tools = testTools(swarm.secrets);
  try {
    return await operations[`swarm.service.${verb}`]?.(service(), tools);
  } finally {
    await tools.ssh.close();
  }
}

test('the address told is that of the node that runs the task', async () => {
  const { ip } = worker.runtimeProperties;
  expect((await run('apply'))?.runtimeProperties).toMatchObject({
    tasks: [{ address: ip, state: 'running' }],
    endpoint: { address: ip, port: 8080 },
  });
  expect((await run('observe'))?.result).toMatchObject({ addresses: [ip] });
});

test('a node that is down is ill health, and no reason to wait for ever', async () => {
  await worker.container.stop();
  await expect
    .poll(async () => (await run('check'))?.result, { timeout: 60_000, interval: 1_000 })
    .toMatchObject({ healthy: false });
  await run('delete');
  expect(await swarm.docker('service ls -q')).toBe('');
});
