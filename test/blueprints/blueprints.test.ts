import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { blueprintFiles } from '../../src/activities/blueprints/catalogue.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { jsonObjectSchema } from '../../src/contracts/json-schemas.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { compile } from '../../src/language/index.ts';

const blueprints = join(import.meta.dirname, '../../blueprints');

const ofSwarm = {
  kubernetes_deployment: 'chain-kubernetes',
  quagga_net: '10.100.102.0/24',
  quagga_host: '10.100.101.2',
};

const onKubernetes = { kubernetes_deployment: 'chain-kubernetes' };

const componentSchema = z.object({
  blueprint: z.object({ path: z.string() }),
  deployment: z.object({ inputs: jsonObjectSchema }),
});

describe('the blueprints', () => {
  it.each([
    ['kubernetes-cluster', 'blueprint.yaml', {}],
    ['kubernetes-cluster', 'host-pool.yaml', {}],
    ['swarm-cluster', 'blueprint.yaml', ofSwarm],
    ['swarm-cluster', 'fabric.yaml', onKubernetes],
    ['swarm-cluster', 'host-pool.yaml', onKubernetes],
    ['hybrid-service-chain', 'service.yaml', {}],
    ['hybrid-service-chain', 'chain.yaml', {}],
  ])('%s/%s compiles without a diagnostic', async (folder, main, inputs) => {
    const { plan, diagnostics } = await compiled(folder, main, inputs);
    expect(diagnostics).toEqual([]);
    expect(plan).not.toBeNull();
  });

  it.each([
    ['kubernetes-cluster', 'blueprint.yaml', 'lab.yaml'],
    ['hybrid-service-chain', 'chain.yaml', 'lab.yaml'],
    ['hybrid-service-chain', 'chain.yaml', 'second.yaml'],
  ])('%s/%s takes the inputs of %s', async (folder, main, file) => {
    const inputs = await inputsOf(folder, file);
    const { plan, diagnostics } = await compiled(folder, main, inputs);
    expect(diagnostics).toEqual([]);
    expect(plan?.inputs).toMatchObject(inputs);
  });

  it('give the lab the same inputs for the cluster alone and for the whole chain', async () => {
    expect(await inputsOf('kubernetes-cluster', 'lab.yaml')).toEqual(
      await inputsOf('hybrid-service-chain', 'lab.yaml'),
    );
  });
});

describe('the chain', () => {
  it('takes components that understand what it gives them', async () => {
    const chain = await planOf('hybrid-service-chain', 'chain.yaml', {});
    for (const [node, folder] of [
      ['kubernetes_proxy', 'kubernetes-cluster'],
      ['swarm_proxy', 'swarm-cluster'],
    ] as const) {
      const config = componentSchema.parse(chain.nodes[node]?.properties['resource_config']);
      expect(config.blueprint.path).toBe(`${folder}/blueprint.yaml`);
      const { inputs } = await planOf(folder, 'blueprint.yaml', folder === 'swarm-cluster' ? ofSwarm : {});
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(config.deployment.inputs)));
    }
  });

  it('has the same functions over components as over proxies', async () => {
    const chain = await planOf('hybrid-service-chain', 'chain.yaml', {});
    const service = await planOf('hybrid-service-chain', 'service.yaml', {});
    expect(Object.keys(chain.nodes).sort()).toEqual(Object.keys(service.nodes).sort());
    expect(chain.nodes['quagga']).toEqual(service.nodes['quagga']);
    expect(chain.nodes['nginx']).toEqual(service.nodes['nginx']);
    expect(chain.outputs).toEqual(service.outputs);
  });

  it('asks a living chain only for what must be true of it', async () => {
    const { nodes } = await planOf('hybrid-service-chain', 'service.yaml', {});
    expect(Object.keys(nodes['before']?.operations ?? {})).toEqual(['cloudify.interfaces.lifecycle.start']);
    expect(Object.keys(nodes['after']?.operations ?? {})).toContain('braid.interfaces.proof.verify');
  });
});

describe('the other ways to a cluster', () => {
  it.each([
    ['kubernetes-cluster', 'host-pool.yaml', {}, {}],
    ['swarm-cluster', 'host-pool.yaml', onKubernetes, ofSwarm],
    ['swarm-cluster', 'fabric.yaml', onKubernetes, ofSwarm],
  ])(
    '%s/%s has the same outputs, and the same nodes on its machines',
    async (folder, main, inputs, ofMain) => {
      const made = await planOf(folder, 'blueprint.yaml', ofMain);
      const other = await planOf(folder, main, inputs);
      expect(other.outputs).toEqual(made.outputs);
      const onMachines = Object.keys(made.nodes).filter((name) => !/_port$|_network$/.test(name));
      expect(Object.keys(other.nodes)).toEqual(expect.arrayContaining(onMachines));
    },
  );

  it('put the same unit onto the Kubernetes machine over SSH as by userdata', async () => {
    const { nodes } = await planOf('kubernetes-cluster', 'blueprint.yaml', {});
    const script = join(blueprints, 'kubernetes-cluster/scripts/between-networks-set.sh');
    const unit = filesWritten(z.string().parse(nodes['kubernetes_host']?.properties['userdata']));
    expect(Object.keys(unit)).toHaveLength(2);
    expect(filesWritten(await readFile(script, 'utf8'))).toEqual(unit);
  });
});

describe('the userdata', () => {
  it('of the Kubernetes machine names its addresses', async () => {
    const inputs = { apache_subnet: '10.7.2.0/24', apache_side_address: '10.7.2.9' };
    const { nodes } = await planOf('kubernetes-cluster', 'blueprint.yaml', inputs);
    const userdata = nodes['kubernetes_host']?.properties['userdata'];
    expect(userdata).toMatch(/^#!\/bin\/sh\nset -eu\n/);
    expect(userdata).toContain('apache_side_address=10.7.2.9\napache_subnet=10.7.2.0/24\n');
  });

  it('of the Swarm machines leads to the router over their own interface', async () => {
    const { nodes } = await planOf('swarm-cluster', 'blueprint.yaml', ofSwarm);
    expect(nodes['worker_host']?.properties['userdata']).toContain(
      'address=10.100.101.12\nquagga_net=10.100.102.0/24\nquagga_host=10.100.101.2\n',
    );
  });
});

/** What a script writes as it stands: `cat > path <<'END'`. */
function filesWritten(script: string): Readonly<Record<string, string>> {
  const written = script.matchAll(/^ *cat > (\S+) <<'END'\n(.*?)^END$/gms);
  return Object.fromEntries([...written].map(([, path = '', text = '']) => [path, text]));
}

async function planOf(folder: string, main: string, inputs: JsonObject): Promise<Plan> {
  const { plan, diagnostics } = await compiled(folder, main, inputs);
  if (plan === null) throw new Error(JSON.stringify(diagnostics, null, 2));
  return plan;
}

function compiled(folder: string, main: string, inputs: JsonObject) {
  return compile({ main, ...blueprintFiles(join(blueprints, folder)), inputs });
}

async function inputsOf(folder: string, file: string): Promise<JsonObject> {
  return jsonObjectSchema.parse(parse(await readFile(join(blueprints, folder, 'inputs', file), 'utf8')));
}
