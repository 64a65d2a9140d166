import type Docker from 'dockerode';
import { afterEach, expect, test } from 'vitest';
import {
  eventually,
  execIn,
  logsOf,
  makeNetwork,
  removeAll,
  startContainer,
  type TestNetwork,
} from './containers.ts';

afterEach(removeAll);

const image = 'braid/load-balancer:1';

function startAt(
  network: TestNetwork,
  host: number,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  return startContainer({
    ...options,
    Tty: true,
    HostConfig: { NetworkMode: network.name },
    NetworkingConfig: {
      EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: network.address(host) } } },
    },
  });
}

const startServer = (network: TestNetwork, host: number, port: number, page: string) =>
  startAt(network, host, {
    Image: 'braid/machine:latest',
    Entrypoint: [
      'sh',
      '-c',
      `cd "$(mktemp -d)" && echo ${page} > index.html && exec python3 -m http.server ${port}`,
    ],
  });

async function ask(network: TestNetwork, host: number, path = '/') {
  const response = await fetch(`http://${network.address(host)}${path}`);
  return {
    status: response.status,
    page: (await response.text()).trim(),
    upstream: response.headers.get('x-upstream') ?? '',
  };
}

const answers = (network: TestNetwork, host: number) =>
  eventually(
    () => ask(network, host).catch(() => ({ status: 0 })),
    ({ status }) => status === 200,
  );

test('asks the servers in turn, tells which one answered, and passes over one that is gone', async () => {
  const network = await makeNetwork();
  const one = await startServer(network, 11, 80, 'one');
  await startServer(network, 12, 8000, 'two');
  const servers = `${network.address(11)},${network.address(12)}:8000`;
  const balancer = await startAt(network, 10, { Image: image, Env: [`SERVERS=${servers}`] });
  await answers(network, 10);

  const pages: string[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const { page, upstream } = await ask(network, 10);
    expect(upstream).toBe(page === 'one' ? `${network.address(11)}:80` : `${network.address(12)}:8000`);
    pages.push(page);
  }
  expect(pages.slice(0, 2).sort()).toEqual(['one', 'two']);
  expect(pages.slice(2)).toEqual(pages.slice(0, 4));
  expect(await logsOf(balancer)).toContain(`upstream=${network.address(12)}:8000 upstream_status=200`);

  await one.stop({ t: 0 });
  expect((await ask(network, 10)).page).toBe('two');
  expect((await ask(network, 10)).page).toBe('two');
});

test('its counters are for those on its own machine', async () => {
  const network = await makeNetwork();
  const balancer = await startAt(network, 10, { Image: image, Env: [`SERVERS=${network.address(250)}`] });
  const own = await eventually(
    () => execIn(balancer, ['curl', '-sf', 'http://127.0.0.1/nginx_status']),
    ({ status }) => status === 0,
  );
  expect(own.output).toContain('server accepts handled requests');
  expect((await ask(network, 10, '/nginx_status')).status).toBe(403);
});

test.each([
  ['', 'SERVERS is empty'],
  ['nonsense', 'is not ADDRESS[:PORT]'],
  ['10.1.2.300', 'is not ADDRESS[:PORT]'],
  ['10.1.2.3:0', 'is not ADDRESS[:PORT]'],
  ['10.1.2.3:70000', 'is not ADDRESS[:PORT]'],
  ['10.1.2.3;', 'is not ADDRESS[:PORT]'],
])('refuses SERVERS=%j', async (servers, reason) => {
  const network = await makeNetwork();
  const balancer = await startAt(network, 10, { Image: image, Env: [`SERVERS=${servers}`] });
  expect(await balancer.wait()).toMatchObject({ StatusCode: 2 });
  expect(await logsOf(balancer)).toContain(reason);
});
