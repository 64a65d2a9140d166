import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { InstallResult } from '../../src/contracts/workflows/install.ts';
import { type Belongings, type ChainLab, startChainLab } from '../support/chain-lab.ts';

/** The reference job: the whole chain from nothing, by one workflow, and back to nothing. */

const name = `chain-${randomBytes(2).toString('hex')}`;
const network = '10.121';
const pages = ['<h1>Apache 1</h1>', '<h1>Apache 2</h1>'];

let lab: ChainLab;
let before: Belongings;
let inputs: JsonObject;
let installed: InstallResult;

beforeAll(async () => {
  lab = await startChainLab();
  before = await lab.belongings();
  inputs = await chainInputs(network, name);
});
afterAll(async () => {
  await lab.engineSocket.open().catch(() => undefined);
  await lab.braid.run('uninstall', { deployment: name, force: true }).catch(() => undefined);
  await lab.close();
});

const install = () => ({ deployment: name, blueprint: 'hybrid-service-chain/chain.yaml', inputs });
const urlOf = ({ outputs }: InstallResult) =>
  z.object({ url: z.string() }).parse(outputs['load_balancer']).url;

async function curl(url: string): Promise<string> {
  const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) });
  return `${response.status} ${(await response.text()).trim()}`;
}

async function instancesOf(deployment: string): Promise<ReadonlyMap<string, string>> {
  const { instances } = await lab.braid.deployment(deployment);
  return new Map(Object.values(instances).map(({ node, state }) => [node, state]));
}

const machineNodes = ['manager_host', 'worker_host'];

describe('the hybrid service chain', () => {
  test('is installed by one workflow, over SSH alone once its machines are there', async () => {
    const execution = await lab.braid.start('install', install());
    await expect
      .poll(
        async () => {
          const states = await instancesOf(`${name}-swarm`).catch(() => new Map<string, string>());
          return machineNodes.map((node) => states.get(node));
        },
        { timeout: 300_000, interval: 300 },
      )
      .toEqual(['started', 'started']);
    await lab.engineSocket.close();
    installed = await lab.braid.result('install', execution);
    await lab.engineSocket.open();
    expect(installed.outputs).toMatchObject({ pages, load_balancer: { port: 8080 } });
  });

  test('shows both pages in turn', async () => {
    const answers: string[] = [];
    for (let count = 0; count < 6; count += 1) answers.push(await curl(urlOf(installed)));
    expect(new Set(answers)).toEqual(new Set(pages.map((page) => `200 ${page}`)));
    expect(answers[0]).not.toBe(answers[1]);
    expect(answers.slice(0, 2)).toEqual(answers.slice(2, 4));
  });

  test('is not touched by a second install', async () => {
    const ids = async () =>
      (await lab.machines()).map(({ Id, State, Status }) => [Id, State, Status.split(' ')[0]]);
    const containers = await ids();
    expect(await lab.braid.run('install', install())).toEqual(installed);
    expect(await ids()).toEqual(containers);
  });

  test('is proven by what its hops counted, and by the router’s absence', async () => {
    const proof = await lab.braid.run('prove', { deployment: name, disruptive: true });
    expect(proof.problems).toEqual([]);
    expect(proof.traffic[0]?.evidence.answers).toHaveLength(12);
    expect(proof.hops.map(({ role }) => role)).toEqual(['load balancer', 'router']);
    expect(proof.hops[0]?.grown['requests']).toBeGreaterThan(0);
    expect(proof.controls).toMatchObject([{ trafficStopped: true, trafficCameBack: true }]);
  });

  test('is healed when its router was deleted, and only then touched', async () => {
    const { healthy } = await lab.braid.run('check', { deployment: name });
    expect(healthy).toBe(true);
    const host = await lab.machine(`${name}-kubernetes`, 'kubernetes_host');
    const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
    await lab.inside(host, [...kubectl, 'delete', 'replicationcontroller', 'quagga', '--wait']);
    await expect.poll(() => curl(urlOf(installed)), { timeout: 30_000 }).toMatch(/^50[24]/);
    const check = await lab.braid.run('check', { deployment: name });
    expect(check.instances.filter((each) => !each.healthy).map(({ node }) => node)).toEqual([
      'quagga',
      'after',
    ]);
    const { repairs } = await lab.braid.run('heal', { deployment: name });
    expect(repairs).toMatchObject([{ node: 'quagga', action: 'healed' }]);
    expect(await curl(urlOf(installed))).toMatch(/^200/);
    expect(await lab.braid.run('heal', { deployment: name })).toMatchObject({ repairs: [] });
  });

  test('is healed when its Swarm service was removed', async () => {
    const manager = await lab.machine(`${name}-swarm`, 'manager_host');
    await lab.inside(manager, ['docker', 'service', 'rm', 'nginx']);
    await expect
      .poll(() => curl(urlOf(installed)).catch(() => 'no answer'), { timeout: 30_000 })
      .toBe('no answer');
    const { repairs } = await lab.braid.run('heal', { deployment: name });
    expect(repairs).toMatchObject([{ node: 'nginx', action: 'healed' }]);
    const { outputs } = await lab.braid.deployment(name);
    installed = { ...installed, outputs };
    expect(await curl(urlOf(installed))).toMatch(/^200/);
  });

  test('has its routes, and its /32, again after reboots', async () => {
    const kubernetes = await lab.machine(`${name}-kubernetes`, 'kubernetes_host');
    const manager = await lab.machine(`${name}-swarm`, 'manager_host');
    const apache = await lab.machine(`${name}-kubernetes`, 'apache1_host');
    await Promise.all(
      [kubernetes, manager, apache].map((each) => lab.docker.getContainer(each).restart({ t: 5 })),
    );
    // Docker gives the /24 back at each start; the machine's own unit takes it away again.
    await expect
      .poll(() => lab.inside(kubernetes, ['ip', '-4', '-o', 'address']), { timeout: 60_000 })
      .toContain(`${network}.102.2/32`);
    await expect
      .poll(() => curl(urlOf(installed)).catch(() => 'no answer'), { timeout: 120_000, interval: 500 })
      .toMatch(/^200/);
    expect(await lab.inside(manager, ['ip', 'route', 'show', `${network}.102.0/24`])).toContain(
      `via ${network}.101.2`,
    );
    expect(await lab.inside(kubernetes, ['ip', 'route', 'show', `${network}.102.0/24`])).toContain(
      'proto 196',
    );
    expect(await lab.inside(apache, ['ip', 'route', 'show', `${network}.101.0/24`])).toContain(
      `via ${network}.102.2`,
    );
  });

  test('does not let a component be uninstalled by itself', async () => {
    const refused = lab.braid.run('uninstall', { deployment: `${name}-kubernetes` });
    await expect(refused).rejects.toMatchObject({ type: 'DeploymentInUse' });
  });

  test('leaves nothing when it is uninstalled', async () => {
    const volumes = await lab.machineVolumes();
    expect(volumes.length).toBeGreaterThan(0);
    await lab.braid.run('uninstall', { deployment: name });
    expect(await lab.belongings()).toEqual(before);
    for (const volume of volumes) expect(await lab.volumeExists(volume)).toBe(false);
    expect((await lab.braid.deployments()).filter(({ deployment }) => deployment.startsWith(name))).toEqual(
      [],
    );
  });
});
