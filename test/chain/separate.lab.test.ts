import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { type Belongings, type ChainLab, startChainLab } from '../support/chain-lab.ts';

/** Three deployments with lifecycles of their own: two clusters, and the service that uses both. */

const prefix = `apart-${randomBytes(2).toString('hex')}`;
const [kubernetes, swarm, service] = [`${prefix}-kubernetes`, `${prefix}-swarm`, `${prefix}-service`];

let lab: ChainLab;
let before: Belongings;
let all: JsonObject;

beforeAll(async () => {
  lab = await startChainLab();
  before = await lab.belongings();
  all = await chainInputs('10.122', prefix);
});
afterAll(async () => {
  for (const deployment of [service, swarm, kubernetes]) {
    await lab.braid.run('uninstall', { deployment, force: true }).catch(() => undefined);
  }
  await lab.close();
});

function inputsOf(...names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, all[name] ?? null]));
}

describe('three deployments', () => {
  test('a service is refused while a deployment that it names is not there', async () => {
    const early = lab.braid.run('install', {
      deployment: service,
      blueprint: 'hybrid-service-chain/service.yaml',
      inputs: { kubernetes_deployment: kubernetes, swarm_deployment: swarm },
    });
    await expect(early).rejects.toThrow(`There is no deployment ${kubernetes}`);
    await expect(lab.braid.deployment(service)).rejects.toMatchObject({ type: 'DeploymentNotFound' });
  });

  test('the Kubernetes cluster tells how to use it, but no secret', async () => {
    const { outputs } = await lab.braid.run('install', {
      deployment: kubernetes,
      blueprint: 'kubernetes-cluster/blueprint.yaml',
      inputs: inputsOf(
        'cluster_subnet',
        'cluster_address',
        'apache_subnet',
        'apache_side_address',
        'apache1_address',
        'apache2_address',
        'cgroup_driver',
        'restrict_oom_score_adj',
        'kubelet_configuration',
        'kube_proxy_configuration',
        'skip_phases',
        'ignore_preflight_errors',
      ),
    });
    expect(outputs).toMatchObject({
      kubernetes_info: {
        url: 'https://10.122.101.2:6443',
        kubeconfig: { get_secret: expect.stringContaining(`made/${kubernetes}/`) },
      },
      vm_info: { apache_subnet: '10.122.102.0/24', ips: '10.122.102.11,10.122.102.12' },
    });
    expect(JSON.stringify(outputs)).not.toMatch(/PRIVATE KEY|client-key-data/);
  });

  test('the Swarm gets its second network and its route from the Kubernetes deployment, and becomes its consumer', async () => {
    await lab.braid.run('install', {
      deployment: swarm,
      blueprint: 'swarm-cluster/fabric.yaml',
      inputs: {
        ...inputsOf('swarm_subnet', 'manager_address', 'worker_address'),
        ...inputsOf('manager_cluster_address', 'worker_cluster_address'),
        kubernetes_deployment: kubernetes,
      },
    });
    expect((await lab.braid.deployment(kubernetes)).consumers).toEqual([swarm]);
    for (const node of ['manager_host', 'worker_host']) {
      const way = await lab.inside(await lab.machine(swarm, node), [
        'ip',
        'route',
        'show',
        '10.122.102.0/24',
      ]);
      expect(way).toContain('via 10.122.101.2');
    }
  });

  test('the service uses both by proxies, and is proven', async () => {
    await lab.braid.run('install', {
      deployment: service,
      blueprint: 'hybrid-service-chain/service.yaml',
      inputs: { kubernetes_deployment: kubernetes, swarm_deployment: swarm },
    });
    const { proven, problems } = await lab.braid.run('prove', { deployment: service });
    expect({ proven, problems }).toEqual({ proven: true, problems: [] });
    expect((await lab.braid.deployment(kubernetes)).consumers).toEqual([service, swarm].toSorted());
  });

  test('a cluster that the service uses is not uninstalled, and its users are named', async () => {
    const refused = lab.braid.run('uninstall', { deployment: kubernetes });
    await expect(refused).rejects.toMatchObject({
      type: 'DeploymentInUse',
      message: `The deployment ${kubernetes} is used by ${service}, ${swarm}.`,
    });
  });

  test('uninstalling the service leaves the clusters as they are', async () => {
    const clusters = (await lab.belongings()).machines;
    await lab.braid.run('uninstall', { deployment: service });
    expect((await lab.belongings()).machines).toEqual(clusters);
    const manager = await lab.machine(swarm, 'manager_host');
    expect(await lab.inside(manager, ['docker', 'service', 'ls', '--quiet'])).toBe('');
    const host = await lab.machine(kubernetes, 'kubernetes_host');
    const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
    expect(await lab.inside(host, [...kubectl, 'get', 'replicationcontroller', '-A', '-o', 'name'])).toBe('');
    // What is left refuses the traffic, so that it does not leak by the default route.
    expect(await lab.inside(host, ['ip', 'route', 'show', '10.122.102.0/24'])).toMatch(/^unreachable/);
    expect((await lab.braid.run('check', { deployment: kubernetes })).healthy).toBe(true);
    expect((await lab.braid.run('check', { deployment: swarm })).healthy).toBe(true);
  });

  test('nothing is left when the clusters are uninstalled, the consumer first', async () => {
    await lab.braid.run('uninstall', { deployment: swarm });
    await lab.braid.run('uninstall', { deployment: kubernetes });
    expect(await lab.belongings()).toEqual(before);
  });
});
