import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tools } from '../../../src/activities/operation.ts';
import { operations } from '../../../src/activities/routes/index.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { OperationContext, OperationResult } from '../../../src/contracts/operation.ts';
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

test('a route is set, kept, mended and removed', async () => {
  const configured = await call('configure', gateway);
  expect(configured).toEqual({ runtimeProperties: { destination, via: gateway, device: 'eth0' } });
  expect(await shown()).toMatch(new RegExp(`^10.200.7.0/24 via ${gateway} dev eth0 proto static`));
  expect(await call('check', gateway)).toMatchObject({
    result: { healthy: true, facts: { device: 'eth0' } },
  });

  const stamp = await machine.inside('stat -c %y /etc/systemd/system/braid-route-*');
  expect(await call('configure', gateway)).toEqual(configured);
  expect(await machine.inside('stat -c %y /etc/systemd/system/braid-route-*')).toBe(stamp);

  await machine.inside(`ip route del ${destination}`);
  expect(await call('check', gateway)).toMatchObject({
    result: { healthy: false, reason: expect.stringContaining('no route') },
  });
  expect(await call('configure', gateway)).toEqual(configured);

  const other = neighbour(77);
  expect(await call('check', other)).toMatchObject({
    result: { healthy: false, reason: expect.stringContaining(`via ${gateway} instead of ${other}`) },
  });
  expect(await call('configure', other)).toMatchObject({ runtimeProperties: { via: other } });
  expect((await shown()).trim().split('\n')).toHaveLength(1);

  await machine.inside('systemctl disable --quiet braid-route-10.200.7.0-24.service');
  expect(await call('check', other)).toMatchObject({
    result: { healthy: false, reason: expect.stringContaining('reboot') },
  });
  await call('configure', other);

  for (const _ of ['once', 'and again']) {
    expect(await call('remove', other)).toEqual({
      runtimeProperties: { destination: null, via: null, device: null },
    });
  }
  expect(await shown()).toBe('');
  expect(await machine.inside('ls /etc/systemd/system | grep -c braid-route || true')).toBe('0\n');
});

test('a route is there again after a reboot', async () => {
  await call('configure', gateway);
  machine = await machine.restart();
  await expect.poll(shown, { timeout: 20_000 }).toContain(`via ${gateway} `);
  expect(await call('check', gateway)).toMatchObject({ result: { healthy: true } });
  await call('remove', gateway);
});

test('what others made is left alone, unless adopted', async () => {
  const other = neighbour(78);
  await machine.inside(`ip route add ${destination} via ${other}`);
  await expect(call('configure', gateway)).rejects.toMatchObject({ type: 'Unowned', nonRetryable: true });
  await call('remove', gateway);
  expect(await shown()).toContain(other);
  await call('configure', gateway, { adopt: true });
  expect(await shown()).toContain(`via ${gateway} `);
  await expect(call('configure', gateway, { deployment: 'another' })).rejects.toThrow(
    /back_1 of the deployment chain/,
  );
  await call('remove', gateway, { deployment: 'another' });
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
  const context = nodeContext({ ...changed, runtimeProperties: first?.runtimeProperties ?? {} });
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

async function call(
  verb: string,
  via: string,
  more: Partial<OperationContext> = {},
): Promise<OperationResult> {
  const self = {
    id: 'back_1',
    node: 'back',
    properties: { destination, via },
    host: hostView(machine.runtimeProperties),
  };
  const operation = operations[`routes.route.${verb}`];
  if (operation === undefined) throw new Error(`no ${verb}`);
  return operation(nodeContext(self, {}, more), tools);
}

/** An address in the machine's own network. */
function neighbour(number: number): string {
  return machine.endpoint.host.replace(/\d+$/, String(number));
}

function shown(): Promise<string> {
  return machine.inside(`ip route show exact ${destination}`);
}
