import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tools } from '../../../src/activities/operation.ts';
import { operations } from '../../../src/activities/routes/index.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { OperationResult } from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { startMachine, type TestMachine } from '../../support/machine.ts';
import { hostView, nodeContext } from '../../support/operation.ts';
import { operationTools } from '../../support/tools.ts';

const ssh = keepConnections();
let machine: TestMachine;
let tools: Tools;
let gateway: string;
beforeAll(async () => {
  machine = await startMachine();
  tools = operationTools({ ssh });
  gateway = neighbour(1);
});
afterAll(async () => {
  await ssh.close();
  await machine.remove();
});

const destination = '10.200.7.0/24';

test('a route whose next hop is changed is changed in its place', async () => {
  const configured = await call('configure', gateway);
  expect(configured).toEqual({ runtimeProperties: { destination, via: gateway, device: 'eth0' } });
  expect(await call('check', gateway)).toMatchObject({
    result: { healthy: true, facts: { device: 'eth0' } },
  });
  const other = neighbour(77);
  expect(await call('check', other)).toMatchObject({
    result: { healthy: false, reason: expect.stringContaining(`via ${gateway} instead of ${other}`) },
  });
  expect(await call('configure', other)).toMatchObject({ runtimeProperties: { via: other } });
  expect((await shown()).trim().split('\n')).toHaveLength(1);
  expect(await call('remove', other)).toEqual({
    runtimeProperties: { destination: null, via: null, device: null },
  });
});

test('a route is there again after a reboot', async () => {
  await call('configure', gateway);
  machine = await machine.restart();
  await expect.poll(shown, { timeout: 20_000 }).toContain(`via ${gateway} `);
  expect(await call('check', gateway)).toMatchObject({ result: { healthy: true } });
  await call('remove', gateway);
});

test('a next hop that no interface reaches is told', async () => {
  await expect(call('configure', '198.51.100.1')).rejects.toMatchObject({
    type: 'ScriptFailed',
    message: expect.stringMatching(
      /debian@.*route to 10.200.7.0\/24 via 198.51.100.1: .*(gateway|unreachable)/is,
    ),
  });
  await call('remove', '198.51.100.1');
});

test('another destination takes the place of the former, of which nothing is left', async () => {
  const host = hostView(machine.runtimeProperties);
  const self = { id: 'back_1', node: 'back', properties: { destination, via: gateway }, host };
  const first = await operations['routes.route.configure']?.(nodeContext(self), tools);
  const other = '203.0.113.0/24';
  const changed = { ...self, properties: { destination: other, via: gateway } };
  const context = nodeContext({ ...changed, runtimeProperties: asWritten(first?.runtimeProperties ?? {}) });
  await operations['routes.route.configure']?.(context, tools);
  expect(await shown()).toBe('');
  expect(await machine.inside(`ip route show exact ${other}`)).toContain(`via ${gateway}`);
  expect(await machine.inside('ls /etc/systemd/system | grep ^braid-route')).toBe(
    'braid-route-203.0.113.0-24.service\n',
  );
  await operations['routes.route.remove']?.(nodeContext(changed), tools);
  expect(await machine.inside('ls /etc/systemd/system | grep ^braid-route || echo none')).toBe('none\n');
});

test('a machine that was never made has nothing to remove', async () => {
  const context = nodeContext({ properties: { destination, via: gateway }, host: hostView({}) });
  expect(await operations['routes.route.remove']?.(context, tools)).toMatchObject({
    runtimeProperties: { via: null },
  });
});

async function call(verb: string, via: string): Promise<OperationResult> {
  const self = {
    id: 'back_1',
    node: 'back',
    properties: { destination, via },
    host: hostView(machine.runtimeProperties),
  };
  const operation = operations[`routes.route.${verb}`];
  if (operation === undefined) throw new Error(`no ${verb}`);
  return operation(nodeContext(self), tools);
}

/** An address in the machine's own network. */
function neighbour(number: number): string {
  return machine.endpoint.host.replace(/\d+$/, String(number));
}

function shown(): Promise<string> {
  return machine.inside(`ip route show exact ${destination}`);
}
