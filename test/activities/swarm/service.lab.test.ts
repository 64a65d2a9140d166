import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { operations } from '../../../src/activities/swarm/index.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { OperationContext, OperationResult } from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { instance, nodeContext, target } from './contexts.ts';
import { startSwarm, type TestSwarm } from './swarm-lab.ts';
import { testTools } from './tools.ts';

let swarm: TestSwarm;
beforeAll(async () => {
  swarm = await startSwarm();
});
afterAll(() => swarm.machine.remove());
afterEach(async () => {
  await swarm.docker('service ls -q | xargs -r docker service rm');
  await run('swarm.service.delete', service());
});

type Asked = {
  readonly properties?: JsonObject;
  readonly container?: JsonObject;
  readonly port?: JsonObject;
  readonly runtimeProperties?: JsonObject;
};

/** A Microservice with its manager, its Container and its Port. */
function service(
  { properties = {}, container = {}, port, runtimeProperties = {} }: Asked = {},
  parts: Partial<OperationContext> = {},
) {
  const manager = instance('swarm', 'cloudify.nodes.DeploymentProxy', {
    runtimeProperties: { swarm_info: swarm.swarmInfo },
  });
  const nginx = instance('nginx', 'cloudify.swarm.Container', {
    properties: { image: 'test:1', env: { GREETING: 'hello' }, ...container },
  });
  const http = instance('http', 'cloudify.swarm.Port', {
    properties: { target_port: 80, published_port: 8080, ...port },
  });
  const self = instance('lb', 'cloudify.swarm.Microservice', {
    properties,
    runtimeProperties: {
      ...runtimeProperties,
      container_nginx_abc123: {},
      ...(port === undefined ? {} : { port_http_abc123: {} }),
    },
    targets: [
      target('cloudify.swarm.relationships.microservice_contained_in_manager', manager),
      target('cloudify.swarm.relationships.container_contained_in_microservice', nginx),
      target('cloudify.swarm.relationships.port_attached_to_microservice', http),
    ],
  });
  return nodeContext(self, { secrets: swarm.secrets, ...parts });
}

async function run(name: string, context: OperationContext): Promise<OperationResult> {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const tools = testTools(swarm.secrets);
  try {
    return await operation(context, tools);
  } finally {
    await tools.ssh.close();
  }
}

const apply = async (asked: Asked = {}) =>
  asWritten((await run('swarm.service.apply', service(asked))).runtimeProperties ?? {});
const runningContainers = async () =>
  (await swarm.docker('ps -q --filter label=com.docker.swarm.service.name=lb')).trim();

test('a service is told where it runs', async () => {
  const address = swarm.swarmInfo.manager_ip;
  expect(await apply({ port: {} })).toMatchObject({
    service_name: 'lb',
    tasks: [{ address, state: 'running' }],
    endpoint: { address, port: 8080 },
  });
});

test('two that make it at the same time do not hinder each other', async () => {
  const [one, other] = await Promise.all([apply(), apply()]);
  expect(one).toMatchObject({ service_id: other?.['service_id'] });
});

test('a changed environment, with a secret in it, reaches the running container', async () => {
  await apply();
  const old = await runningContainers();
  const container = { env: { GREETING: 'again', TOKEN: { get_secret: 'token' } } };
  const runtime = await apply({ container });
  const now = await runningContainers();
  expect(now).not.toBe(old);
  expect(await swarm.docker(`exec ${now} sh -c 'echo $GREETING $TOKEN'`)).toBe('again open-sesame\n');
  expect(JSON.stringify(runtime)).not.toContain('open-sesame');
});

test('heal only waits while Swarm itself starts a task again, and says so', async () => {
  const runtimeProperties = await apply();
  const heal = () => run('swarm.service.heal', service({ runtimeProperties }));
  await swarm.docker(`kill ${await runningContainers()}`);
  expect(await heal()).toMatchObject({ result: { repaired: false } });
  await swarm.docker('service scale --detach lb=0');
  expect(await heal()).toMatchObject({ result: { repaired: true } });
  expect(await runningContainers()).not.toBe('');
});

test('a changed port reaches the running task', async () => {
  await apply({ port: {} });
  expect(await apply({ port: { published_port: 8081 } })).toMatchObject({ endpoint: { port: 8081 } });
});

test('a container that ends is told with its exit status and its log, without secrets', async () => {
  const entry_point = ['/bin/sh', '-c', 'echo cannot read $TOKEN; exit 3'];
  const failing = apply({ container: { entry_point, env: { TOKEN: { get_secret: 'token' } } } });
  const error = await failing.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApplicationFailure);
  expect(error).toMatchObject({ type: 'NotReady', nonRetryable: true });
  expect(String(error)).toMatch(/exit status 3.*Its log ended with:\ncannot read \[secret\]/s);
});

test('an image that no node has is told at once', async () => {
  await expect(apply({ container: { image: 'localhost:1/nowhere:1' } })).rejects.toMatchObject({
    type: 'ResourceRejected',
    message: expect.stringMatching(/cannot get its image.*Load the image on the nodes/s),
  });
});

test('a port that is in use is told', async () => {
  await swarm.docker(
    'service create --detach --name other --no-resolve-image --endpoint-mode dnsrr --publish mode=host,published=8080,target=80 test:1',
  );
  await expect(apply({ port: {} })).rejects.toMatchObject({
    type: 'NotReady',
    nonRetryable: true,
    message: expect.stringMatching(/no node can take its task: .*port already in use/),
  });
});

test('a specification that Docker refuses is told', async () => {
  await expect(apply({ properties: { limits: { memory_bytes: 1 } } })).rejects.toMatchObject({
    type: 'ResourceRejected',
    nonRetryable: true,
  });
});

test('the load balancer tells by its access log what it carried, and where to', async () => {
  const { machine, swarmInfo } = swarm;
  await swarm.docker('load -i /opt/braid/images/load-balancer.tar');
  await machine.inside(
    'for port in 8001 8002; do setsid python3 -m http.server $port >/dev/null 2>&1 & done',
  );
  const servers = `${swarmInfo.manager_ip}:8001,${swarmInfo.manager_ip}:8002`;
  const asked = {
    container: { image: 'docker.io/braid/load-balancer:1', env: { SERVERS: servers } },
    port: {},
  };
  await apply(asked);
  await machine.inside(
    'for i in 1 2 3 4 5 6; do curl -fsS -o /dev/null --retry 9 --retry-all-errors 127.0.0.1:8080; done',
  );
  await expect
    .poll(async () => (await run('swarm.service.observe', service(asked))).result, { timeout: 10_000 })
    .toMatchObject({
      role: 'load balancer',
      addresses: [swarmInfo.manager_ip],
      counters: {
        requests: 6,
        [`requests to ${swarmInfo.manager_ip}:8001`]: 3,
        [`requests to ${swarmInfo.manager_ip}:8002`]: 3,
      },
    });
});
