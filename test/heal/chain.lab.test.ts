import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HealResult } from '../../src/contracts/workflows/heal.ts';
import { type ChainUnderTest, installChain, type MachineNode } from './chain-under-test.ts';

/** Faults done to one living chain from outside, one after another; each heal is of the chain alone. */

let chain: ChainUnderTest;

beforeAll(async () => {
  chain = await installChain('10.131');
});
afterAll(() => chain.close());

/** Breaks the chain, shows it, heals it, proves it. Answers what the heal did. */
async function heals(fault: string, done: () => Promise<unknown>): Promise<HealResult> {
  await done();
  const what = await chain.broken();
  const unwell = await chain.unwellNodes();
  expect(unwell).toContain('after');
  const result = await chain.heal(`${fault} (${what.slice(0, 30).split(/\s*[\r\n]/)[0] ?? ''})`);
  expect(await chain.seen()).toBe('well');
  await proven();
  return result;
}

async function proven(): Promise<void> {
  expect(await chain.lab.braid.run('prove', { deployment: chain.name })).toMatchObject({ problems: [] });
}

const repaired = ({ repairs }: HealResult) => repairs.map(({ node, action }) => `${node} ${action}`);

describe('where the chain is well', () => {
  test('heal touches nothing', async () => {
    const before = await chain.identities();
    const result = await chain.heal('nothing wrong');
    expect(result).toMatchObject({ repairs: [], unwell: [], traffic: [] });
    expect(await chain.identities()).toEqual(before);
  });

  test('heal only waits while the cluster itself replaces the router’s pod', async () => {
    await chain.kubectl('delete', 'pod', '-l', 'app=quagga', '--now', '--wait=false');
    expect(await chain.heal('router pod killed')).toMatchObject({ repairs: [] });
    await proven();
  });

  test('heal finds nothing to do when the cluster itself replaced the router’s pod', async () => {
    await chain.kubectl('delete', 'pod', '-l', 'app=quagga', '--now', '--wait');
    await chain.kubectl('wait', 'pod', '-l', 'app=quagga', '--for=condition=Ready', '--timeout=30s');
    await expect.poll(() => chain.seen(), { timeout: 30_000 }).toBe('well');
    expect(await chain.heal('router pod replaced')).toMatchObject({ repairs: [] });
    await proven();
  });
});

describe('a function of the chain is healed', () => {
  test('whose route was withdrawn in the router’s own configuration', async () => {
    const result = await heals('route withdrawn', async () => {
      const pod = await chain.kubectl('get', 'pod', '-l', 'app=quagga', '-o', 'name');
      const withdraw = `for route in $(vtysh -c "show running-config" | sed -n "s/^ip route //p" | tr " " ,); do
        vtysh -c "configure terminal" -c "no ip route $(echo "$route" | tr , " ")"; done`;
      await chain.kubectl('exec', pod.trim(), '--', 'bash', '-c', withdraw);
    });
    expect(repaired(result)).toEqual(['quagga healed']);
  });

  test('whose service was scaled to zero', async () => {
    const result = await heals('scaled to zero', () =>
      chain.on('manager_host', 'docker', 'service', 'scale', '--detach', 'nginx=0'),
    );
    expect(repaired(result)).toEqual(['nginx healed']);
  });

  test('whose environment was changed', async () => {
    const servers = `SERVERS=${chain.network}.102.99`;
    const result = await heals('environment changed', () =>
      chain.on('manager_host', 'docker', 'service', 'update', '--quiet', '--env-add', servers, 'nginx'),
    );
    expect(repaired(result)).toEqual(['nginx healed']);
  });

  test('whose configuration was edited inside its container', async () => {
    const result = await heals('file edited', async () =>
      chain.shell(
        await chain.balancerMachine(),
        `docker exec $(docker ps --quiet --filter name=nginx.1) sh -c 'echo "server ${chain.network}.102.99;" > /etc/nginx/servers.conf && nginx -s reload'`,
      ),
    );
    expect(repaired(result)).toEqual(['nginx reinstalled']);
  });
});

describe('a component is healed', () => {
  test('whose Apache was stopped, and nothing else is touched', async () => {
    const before = await chain.identities();
    const result = await heals('Apache stopped', () =>
      chain.on('apache1_host', 'systemctl', 'stop', 'apache2'),
    );
    expect(result.repairs).toMatchObject([
      { deployment: `${chain.name}-kubernetes`, node: 'apache1', action: 'healed' },
    ]);
    const after = await chain.identities();
    expect(after.get('apache1_host')).not.toEqual(before.get('apache1_host'));
    expect(without(after, 'apache1_host')).toEqual(without(before, 'apache1_host'));
  });

  test('whose page was overwritten', async () => {
    const result = await heals('page overwritten', () =>
      chain.shell('apache2_host', 'echo other > /var/www/html/index.html'),
    );
    expect(repaired(result)).toEqual(['apache2 healed']);
  });

  test('whose machine of the load balancer lost its way to the router', async () => {
    const machine = await chain.balancerMachine();
    const result = await heals('way deleted', () =>
      chain.on(machine, 'ip', 'route', 'delete', `${chain.network}.102.0/24`),
    );
    expect(repaired(result)).toEqual([`${machine.replace('_host', '_way')} healed`]);
  });

  test('whose machine was rebooted: it comes back by itself', async () => {
    const machine = await chain.lab.machine(`${chain.name}-kubernetes`, 'kubernetes_host');
    await chain.lab.docker.getContainer(machine).restart({ t: 5 });
    // Docker gives the /24 back at each start, by which packets pass the router; then its own unit takes it away.
    await expect
      .poll(() => chain.on('kubernetes_host', 'ip', '-4', '-o', 'address'), { timeout: 60_000 })
      .toContain(`${chain.network}.102.2/32`);
    await expect.poll(() => chain.seen(), { timeout: 120_000, interval: 500 }).toBe('well');
    expect(repaired(await chain.heal('machine rebooted'))).toEqual([]);
    await proven();
  });
});

describe('a machine that was destroyed is made anew, with all that was on it', () => {
  test('an Apache machine', async () => {
    const result = await heals('Apache machine destroyed', () => chain.destroy('apache1_host'));
    expect(repaired(result)).toEqual(['apache1_host reinstalled']);
  });

  test('the Swarm worker, which ran the load balancer', async () => {
    await moveBalancer('worker_host');
    const result = await heals('worker destroyed', () => chain.destroy('worker_host'));
    expect(repaired(result)).toEqual(expect.arrayContaining(['worker_host reinstalled', 'nginx healed']));
    await swarmOf(2);
  });

  test('the Swarm manager: the worker leaves the dead Swarm for the new one', async () => {
    await moveBalancer('manager_host');
    const result = await heals('manager destroyed', () => chain.destroy('manager_host'));
    expect(repaired(result)).toEqual(
      expect.arrayContaining(['manager_host reinstalled', 'worker healed', 'nginx healed']),
    );
    await swarmOf(2);
  });

  test('the Kubernetes machine: everybody has its new certificates', async () => {
    const before = await certificate();
    const result = await heals('Kubernetes machine destroyed', () => chain.destroy('kubernetes_host'));
    expect(repaired(result)).toEqual(['kubernetes_host reinstalled', 'quagga healed']);
    expect(await certificate()).not.toBe(before);
  });

  test('two faults at once', async () => {
    const result = await heals('two at once', () =>
      Promise.all([
        chain.destroy('apache2_host'),
        chain.on('manager_host', 'docker', 'service', 'rm', 'nginx'),
      ]),
    );
    expect(repaired(result)).toEqual(['apache2_host reinstalled', 'nginx healed']);
  });
});

function certificate(): Promise<string> {
  return chain.on('kubernetes_host', 'sha256sum', '/etc/kubernetes/pki/ca.crt');
}

function without(identities: ReadonlyMap<string, string>, key: string): Record<string, string> {
  return Object.fromEntries([...identities].filter(([name]) => name !== key));
}

/** By Swarm’s own means: the other machine takes no tasks for a while. That the address moved is healed too. */
async function moveBalancer(to: MachineNode): Promise<void> {
  const availability = (which: string, node: string) =>
    chain.on('manager_host', 'docker', 'node', 'update', '--availability', which, node);
  const other = to === 'worker_host' ? 'manager' : 'worker';
  await availability('drain', other);
  await expect.poll(() => chain.balancerMachine(), { timeout: 30_000 }).toBe(to);
  await chain.heal(`balancer moved to ${to}`);
  await availability('active', other);
  expect(await chain.seen()).toBe('well');
}

/** Every node is ready, and none that is gone is listed. */
async function swarmOf(nodes: number): Promise<void> {
  const listed = await chain.on('manager_host', 'docker', 'node', 'ls', '--format', '{{.Status}}');
  expect(listed.trim().split(/\s+/)).toEqual(Array.from({ length: nodes }, () => 'Ready'));
}
