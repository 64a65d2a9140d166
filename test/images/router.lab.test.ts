import type Docker from 'dockerode';
import { afterEach, expect, test } from 'vitest';
import { eventually, execIn, logsOf, makeNetwork, removeAll, startContainer } from './containers.ts';

afterEach(removeAll);

const image = 'braid/router:1';
const CapAdd = ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN'];

/** A network stack that outlives the router in it, as a machine's does. */
async function makeHost(): Promise<{ readonly host: Docker.Container; readonly address: string }> {
  const network = await makeNetwork();
  const host = await startContainer({
    Image: image,
    Entrypoint: ['sleep', 'infinity'],
    HostConfig: { NetworkMode: network.name, Init: true },
    NetworkingConfig: {
      EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: network.address(9) } } },
    },
  });
  return { host, address: network.address(9) };
}

const startRouter = (host: Docker.Container, env: readonly string[]) =>
  startContainer({
    Image: image,
    Env: [...env],
    Tty: true,
    HostConfig: { NetworkMode: `container:${host.id}`, CapAdd },
  });

const routesOf = async (host: Docker.Container) => (await execIn(host, ['ip', 'route'])).output;
const present = (table: string) => table.includes('10.232.7.0/24');

test('its route is in the machine’s table while it runs, and goes with it', async () => {
  const { host, address } = await makeHost();
  const router = await startRouter(host, [`ROUTES=10.232.7.0/24 dev:${address}, 10.232.8.0/24 eth0`]);
  const routes = await eventually(
    () => routesOf(host),
    (table) => table.includes('10.232.7.0/24') && table.includes('10.232.8.0/24'),
  );
  expect(routes).toMatch(/^10\.232\.7\.0\/24 .*dev eth0 /m);
  expect((await execIn(router, ['vtysh', '-c', 'show ip route static'])).output).toContain(
    'S>* 10.232.7.0/24',
  );

  await router.stop({ t: 10 });
  expect((await router.inspect()).State.ExitCode).toBe(0);
  expect(await routesOf(host)).not.toContain('10.232.');

  await router.start();
  await eventually(() => routesOf(host), present);
});

test('a route that is deleted behind its back comes back', async () => {
  const { host } = await makeHost();
  await startRouter(host, ['ROUTES=10.232.7.0/24 eth0']);
  await eventually(() => routesOf(host), present);
  const deletion = await startContainer({
    Image: image,
    Entrypoint: ['ip', 'route', 'delete', '10.232.7.0/24'],
    HostConfig: { NetworkMode: `container:${host.id}`, CapAdd },
  });
  expect(await deletion.wait()).toMatchObject({ StatusCode: 0 });
  expect(await eventually(() => routesOf(host), present)).toContain('10.232.7.0/24');
});

test('a router without one of its daemons ends, and takes its routes along', async () => {
  const { host } = await makeHost();
  const router = await startRouter(host, ['ROUTES=10.232.7.0/24 eth0']);
  await eventually(() => routesOf(host), present);
  await execIn(router, ['sh', '-c', 'kill -9 "$(cat /run/frr/staticd.pid)"']);
  expect(await router.wait()).toMatchObject({ StatusCode: 1 });
  expect(await routesOf(host)).not.toContain('10.232.');
});

test.each([
  ['', 'ROUTES is empty'],
  ['nonsense', 'is not PREFIX NEXTHOP'],
  ['10.232.7.0/24', 'is not PREFIX NEXTHOP'],
  ['10.232.7.0/24 eth0 more', 'is not PREFIX NEXTHOP'],
  ['10.232.7.1/24 eth0', 'is not an IPv4 prefix'],
  ['10.232.7.0/33 eth0', 'is not an IPv4 prefix'],
  ['10.232.700.0/24 eth0', 'is not an IPv4 prefix'],
  ['10.232.7.0/24 300.1.1.1', 'neither an IPv4 address nor an interface'],
  ['10.232.7.0/24 dev:1.2.3', 'is not dev: and an IPv4 address'],
  ['10.232.7.0/24 eth0;reboot', 'neither an IPv4 address nor an interface'],
  ['10.232.7.0/24 nope0', "no interface 'nope0'"],
  ['10.232.7.0/24 dev:192.0.2.99', "no interface 'dev:192.0.2.99'"],
])('refuses ROUTES=%j', async (routes, reason) => {
  const network = await makeNetwork();
  const router = await startContainer({
    Image: image,
    Env: [`ROUTES=${routes}`, 'WAIT=0'],
    Tty: true,
    HostConfig: { NetworkMode: network.name },
  });
  expect(await router.wait()).toMatchObject({ StatusCode: 2 });
  expect(await logsOf(router)).toContain(reason);
});
