import { expect, test } from 'vitest';
import { connectManager } from '../../../src/activities/swarm/manager.ts';
import { managerOf } from '../../../src/activities/swarm/manager-info.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { secretReference } from '../../../src/contracts/sealed.ts';
import { instance, relationshipContext, target } from './contexts.ts';
import { testTools } from './tools.ts';

const tools = testTools();
const type = 'cloudify.swarm.relationships.microservice_contained_in_manager';
const ssh = {
  host: '10.0.0.5',
  port: 22,
  user: 'debian',
  host_key: 'ssh-ed25519 AAAA',
  key: 'the key',
};
const swarm_info = { manager_ip: '10.0.0.5', ssh };
const swarm = {
  manager_ip: '10.0.0.5',
  ssh: {
    host: '10.0.0.5',
    port: 22,
    user: 'debian',
    host_key: 'ssh-ed25519 AAAA',
    key: 'the key',
  },
};
/** As an output hands the key on. */
function withReference(runtimeProperties: JsonObject): JsonObject {
  const text = JSON.stringify(runtimeProperties);
  const parsed: JsonObject = JSON.parse(text.replace('"the key"', '{"get_secret": "made/swarm/x/ssh-key"}'));
  return parsed;
}

const service = instance('lb', 'cloudify.swarm.Microservice');

test.each([
  ['a manager or an early proxy', { swarm_info }],
  ['a proxy of later days', { deployment: { outputs: { swarm_info } } }],
  ['a component', { capabilities: { swarm_info } }],
])('the manager is learnt from %s', async (_case, runtimeProperties) => {
  const proxy = instance('swarm', 'cloudify.nodes.DeploymentProxy', {
    runtimeProperties: withReference(runtimeProperties),
  });
  const secrets = new Map([['made/swarm/x/ssh-key', 'the key']]);
  expect(await connectManager(relationshipContext(service, proxy, type, { secrets }), tools)).toEqual({
    sourceRuntimeProperties: {
      swarm: { ...swarm, ssh: { ...swarm.ssh, key: secretReference('made/swarm/x/ssh-key') } },
    },
  });
});

test('what the target tells now is stronger than what it told once', () => {
  const proxy = instance('swarm', 'cloudify.nodes.DeploymentProxy', { runtimeProperties: { swarm_info } });
  const self = { ...service, runtimeProperties: { swarm: { manager_ip: 'old' } } };
  expect(managerOf(self)).toEqual({ manager_ip: 'old' });
  expect(managerOf({ ...self, targets: [target(type, proxy)] })).toEqual(swarm);
});

test('a target without swarm_info is told', async () => {
  const proxy = instance('swarm', 'cloudify.nodes.DeploymentProxy', { runtimeProperties: { vm_info: {} } });
  await expect(connectManager(relationshipContext(service, proxy, type), tools)).rejects.toMatchObject({
    type: 'CapabilityMissing',
  });
});
