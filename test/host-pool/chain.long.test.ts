import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import { makeSshKeyPair } from '../../src/activities/ssh/key-pair.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { openSecretFiles } from '../../src/store/secret-files.ts';
import { type ChainLab, startChainLab } from '../support/chain-lab.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

/** The whole chain on machines that are there already, and that no blueprint made. */

const range = '10.124';
const suffix = randomBytes(2).toString('hex');
const kubernetes = `kubernetes-${suffix}`;
const swarm = `swarm-${suffix}`;
const service = `service-${suffix}`;
const networks = {
  swarm: { name: `braid-test-${suffix}-swarm`, subnet: `${range}.100.0/24` },
  cluster: { name: `braid-test-${suffix}-cluster`, subnet: `${range}.101.0/24` },
  apache: { name: `braid-test-${suffix}-apache`, subnet: `${range}.102.0/24` },
};
const docker = new Docker();
const pair = makeSshKeyPair('pool');

let lab: ChainLab;
const hosts = new Map<string, TestMachine>();
let before: ReadonlyMap<string, readonly string[]>;
let inputs: JsonObject;

beforeAll(async () => {
  lab = await startChainLab();
  for (const { name, subnet } of Object.values(networks)) {
    await docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
      Labels: { 'io.braid.lab': 'test' },
    });
  }
  await Promise.all([
    start('kubernetes-1', [networks.cluster, 2], [networks.apache, 2]),
    start('kubernetes-2', [networks.cluster, 3], [networks.apache, 3]),
    start('apache-1', [networks.apache, 11]),
    start('apache-2', [networks.apache, 12]),
    start('swarm-1', [networks.swarm, 11], [networks.cluster, 11]),
    start('swarm-2', [networks.swarm, 12], [networks.cluster, 12]),
  ]);
  // Some units of theirs run at the first boot alone.
  await Promise.all([...hosts.keys()].map((name) => reboot(name)));
  await tellPool();
  before = await states();
  inputs = await chainInputs(range, 'pool');
});
afterAll(async () => {
  for (const deployment of [service, swarm, kubernetes]) {
    await lab.braid.run('uninstall', { deployment, force: true }).catch(() => undefined);
  }
  await lab.close();
  await Promise.all([...hosts.values()].map((host) => host.remove()));
  for (const { name } of Object.values(networks)) await docker.getNetwork(name).remove();
});

describe('the chain on hosts of a pool', () => {
  test('is installed by the same service as on machines that are made, and proven', async () => {
    const { outputs } = await lab.braid.run('install', {
      deployment: kubernetes,
      blueprint: 'kubernetes-cluster/host-pool.yaml',
      inputs: {
        ...inputsOf('cluster_subnet', 'apache_subnet', 'cgroup_driver', 'restrict_oom_score_adj'),
        ...inputsOf('kubelet_configuration', 'kube_proxy_configuration'),
        ...inputsOf('skip_phases', 'ignore_preflight_errors'),
        patience: 2,
      },
    });
    expect(outputs).toMatchObject({
      kubernetes_info: { url: `https://${range}.101.2:6443`, host: `${range}.101.2` },
      vm_info: {
        apache_subnet: `${range}.102.0/24`,
        ips: expect.stringMatching(/^10\.124\.102\.1[12],10\.124\.102\.1[12]$/),
        gateway: `${range}.102.2`,
      },
    });
    await installSwarm();
    await lab.braid.run('install', {
      deployment: service,
      blueprint: 'hybrid-service-chain/service.yaml',
      inputs: { kubernetes_deployment: kubernetes, swarm_deployment: swarm },
    });
    await prove();
    expect(await ways()).toEqual([`via ${range}.101.2`, `via ${range}.101.2`]);
  });

  test('is as it was after its hosts booted', async () => {
    await Promise.all(['kubernetes-1', 'apache-1', 'swarm-2'].map((name) => reboot(name)));
    await lab.braid.run('heal', { deployment: service, recursive: true });
    await prove();
    expect(await inside('kubernetes-1', `ip -4 -o address show to ${range}.102.2 | awk '{print $4}'`)).toBe(
      `${range}.102.2/32\n`,
    );
    expect(await ways()).toEqual([`via ${range}.101.2`, `via ${range}.101.2`]);
  });

  test('goes on over another host when one went away, by another way', async () => {
    await hostOf('kubernetes-1').container.stop();
    expect((await lab.braid.run('check', { deployment: kubernetes })).healthy).toBe(false);
    const { repairs } = await lab.braid.run('heal', { deployment: service, recursive: true });
    expect(repairs).toContainEqual(
      expect.objectContaining({
        node: 'kubernetes_host',
        action: 'reinstalled',
        reason: expect.stringContaining('the host kubernetes-1 cannot be asked'),
      }),
    );
    await prove();
    // The output of the one deployment changed, so did the route that the other had set over SSH.
    expect(await ways()).toEqual([`via ${range}.101.3`, `via ${range}.101.3`]);
    for (const apache of ['apache-1', 'apache-2']) {
      expect(await inside(apache, `ip route show exact ${range}.101.0/24`)).toContain(`via ${range}.102.3`);
    }
  });

  test('gives back all hosts as they were taken, also the one that came back', async () => {
    await hostOf('kubernetes-1').container.start();
    await expect
      .poll(() => inside('kubernetes-1', 'systemctl is-active ssh').catch(() => ''), { timeout: 120_000 })
      .toBe('active\n');
    await lab.braid.run('uninstall', { deployment: service });
    await lab.braid.run('uninstall', { deployment: swarm });
    await lab.braid.run('uninstall', { deployment: kubernetes });
    expect(await states()).toEqual(before);
  });
});

function installSwarm() {
  return lab.braid.run('install', {
    deployment: swarm,
    blueprint: 'swarm-cluster/host-pool.yaml',
    inputs: { ...inputsOf('swarm_subnet', 'cluster_subnet'), kubernetes_deployment: kubernetes, patience: 2 },
  });
}

async function prove(): Promise<void> {
  const { proven, problems } = await lab.braid.run('prove', { deployment: service });
  expect({ proven, problems }).toEqual({ proven: true, problems: [] });
}

type Place = readonly [network: { readonly name: string; readonly subnet: string }, number: number];

async function start(name: string, ...places: readonly Place[]): Promise<void> {
  const at = places.map(([network, number]) => ({
    name: network.name,
    address: network.subnet.replace('0/24', String(number)),
  }));
  hosts.set(name, await startMachine({ pair, networks: at }));
}

/** A pool that the worker knows by its name, and the key to its hosts. */
async function tellPool(): Promise<void> {
  const pool = {
    defaults: { user: 'debian', key_secret: 'own/pool' },
    // Not in the order in which they came up: the first that fits is taken.
    hosts: [...hosts].toSorted(byName).map(([name, { endpoint }]) => ({
      name,
      address: endpoint.host,
      host_key: endpoint.hostKey,
      tags: [name.replace(/-\d$/, '')],
    })),
  };
  await mkdir(join(lab.store, 'host-pools'), { recursive: true });
  await writeFile(join(lab.store, 'host-pools', 'default.yaml'), stringify(pool));
  const secrets = await openSecretFiles({ folder: join(lab.store, 'secrets') });
  await secrets.put('own/pool', pair.privateKey);
}

function byName([one]: readonly [string, TestMachine], [other]: readonly [string, TestMachine]): number {
  return one.localeCompare(other);
}

function hostOf(name: string): TestMachine {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`there is no host ${name}`);
  return host;
}

function inside(name: string, command: string): Promise<string> {
  return hostOf(name).inside(command);
}

async function reboot(name: string): Promise<void> {
  hosts.set(name, await hostOf(name).restart());
}

/** How the Swarm's machines reach the network behind the router. */
async function ways(): Promise<readonly string[]> {
  const shown = await Promise.all(
    ['swarm-1', 'swarm-2'].map((name) => inside(name, `ip route show exact ${range}.102.0/24`)),
  );
  return shown.map((text) => text.trim().split(' ').slice(1, 3).join(' '));
}

/** What a deployment might leave on a host, of all hosts. */
async function states(): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = [...hosts.keys()].map(
    async (name) => [name, (await inside(name, stateCommand)).split('\n')] as const,
  );
  return new Map(await Promise.all(entries));
}

const stateCommand = `
systemctl is-system-running --wait >/dev/null
find /etc /usr/local /root /home /srv /opt /var/www -xdev -type f ! -name '*.cache' ! -path /etc/hosts | sort | xargs sha256sum
find /etc/systemd -type l | sort
ls /var/lib /var/lib/kubelet /var/lib/etcd /var/log/pods 2>/dev/null
systemctl list-unit-files --state=enabled --no-legend | awk '{print $1}' | sort
systemctl list-units --type=service --state=active --plain --no-legend | awk '{print $1}' | sort
ip -4 -o address show | awk '{print $2, $4}' | sort
ip -4 route show table all | grep -v '^local\\|^broadcast' | sort
sysctl net.ipv4.ip_forward
# The engine that the hosts run on gives its name server other ports at each start.
iptables-save | grep '^-A' | sed -E 's/(127.0.0.11:|--sport )[0-9]+/\\1PORT/'
ps -eo comm= | grep -E 'kube|etcd|docker|containerd|apache|nginx|zebra|sleep' | sort -u
true`;

function inputsOf(...names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, inputs[name] ?? null]));
}
