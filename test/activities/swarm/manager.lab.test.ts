import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '../../../src/activities/swarm/index.ts';
import type { OperationContext } from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { instance, nodeContext } from './contexts.ts';
import { startSwarm, type TestSwarm } from './swarm-lab.ts';
import { testTools } from './tools.ts';

let swarm: TestSwarm;
beforeAll(async () => {
  swarm = await startSwarm();
});
afterAll(() => swarm.machine.remove());

async function run(name: string, context: OperationContext) {
  const tools = testTools(swarm.secrets);
  try {
    return await operations[name]?.(context, tools);
  } finally {
    await tools.ssh.close();
  }
}

function manager(runtimeProperties = {}): OperationContext {
  const host = {
    id: 'machine_1',
    properties: {},
    runtimeProperties: { ssh: swarm.swarmInfo.ssh },
  };
  return nodeContext(instance('manager', 'cloudify.swarm.Manager', { host, runtimeProperties }), {
    secrets: swarm.secrets,
  });
}

test('a Manager tells how its Swarm is reached, and its health', async () => {
  const read = await run('swarm.manager.read', manager());
  expect(asWritten(read?.runtimeProperties ?? {})).toEqual({ swarm_info: swarm.swarmInfo });
  const check = await run('swarm.manager.check', manager(asWritten(read?.runtimeProperties ?? {})));
  expect(check?.result).toMatchObject({ healthy: true });
});

test('an engine that left its Swarm, and one that is stopped, are told apart', async () => {
  const told = manager({ swarm_info: swarm.swarmInfo });
  await swarm.docker('swarm leave --force');
  expect((await run('swarm.manager.check', told))?.result).toMatchObject({
    healthy: false,
    reason: expect.stringMatching(/no Swarm manager/),
  });
  await expect(run('swarm.manager.read', manager())).rejects.toThrow(/Run `docker swarm init` there/);
  await swarm.machine.inside('systemctl stop docker.socket docker');
  expect((await run('swarm.manager.check', told))?.result).toMatchObject({
    healthy: false,
    reason: expect.stringMatching(/did not answer/),
  });
});
