import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import type { HealResult } from '../../src/contracts/workflows/heal.ts';
import { type ChainLab, startChainLab } from '../support/chain-lab.ts';

/** A chain that lives, and the means to harm it from outside and to look at it. */
export type ChainUnderTest = {
  readonly lab: ChainLab;
  readonly name: string;
  readonly network: string;
  /** Runs a command on the machine of a node, as root, past Braid; answers what it prints. */
  readonly on: (machine: MachineNode, ...command: string[]) => Promise<string>;
  readonly shell: (machine: MachineNode, script: string) => Promise<string>;
  readonly kubectl: (...parameters: string[]) => Promise<string>;
  /** Removes a machine with its disks. */
  readonly destroy: (machine: MachineNode) => Promise<void>;
  /** Where the load balancer runs, by what Swarm itself says. */
  readonly balancerMachine: () => Promise<'manager_host' | 'worker_host'>;
  /** What a user of the chain sees now: `well`, or what is wrong. */
  readonly seen: () => Promise<string>;
  /** Waits until users see something else than the two pages in turn, and that it stays so for a while. */
  readonly broken: () => Promise<string>;
  readonly unwellNodes: () => Promise<readonly string[]>;
  /** Heals the chain alone; prints what took how long. */
  readonly heal: (fault: string) => Promise<HealResult>;
  /** Ids and start times of everything that runs, by machine. */
  readonly identities: () => Promise<ReadonlyMap<string, string>>;
  readonly close: () => Promise<void>;
};

const machineNodes = {
  kubernetes_host: 'kubernetes',
  apache1_host: 'kubernetes',
  apache2_host: 'kubernetes',
  manager_host: 'swarm',
  worker_host: 'swarm',
} as const;
export type MachineNode = keyof typeof machineNodes;

const pages = ['<h1>Apache 1</h1>', '<h1>Apache 2</h1>'];
const kubectlCommand = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
const staysBrokenMilliseconds = 3_000;

export async function installChain(network: string): Promise<ChainUnderTest> {
  const lab = await startChainLab();
  const name = `heal-${randomBytes(2).toString('hex')}`;
  const inputs = await chainInputs(network, name);
  const blueprint = 'hybrid-service-chain/chain.yaml';
  try {
    await lab.braid.run('install', { deployment: name, blueprint, inputs });
  } catch (error) {
    await lab.close();
    throw error;
  }

  const machine = (node: MachineNode) => lab.machine(`${name}-${machineNodes[node]}`, node);
  const on = async (node: MachineNode, ...command: string[]) => lab.inside(await machine(node), command);
  const shell = (node: MachineNode, script: string) => on(node, 'bash', '-c', script);
  const kubectl = (...parameters: string[]) => on('kubernetes_host', ...kubectlCommand, ...parameters);

  return {
    lab,
    name,
    network,
    on,
    shell,
    kubectl,
    destroy: async (node) => lab.docker.getContainer(await machine(node)).remove({ force: true, v: true }),
    balancerMachine: async () => {
      const tasks = await shell(
        'manager_host',
        "docker service ps nginx --filter desired-state=running --format '{{.Node}}'",
      );
      return tasks.trim() === 'worker' ? 'worker_host' : 'manager_host';
    },
    seen,
    broken,
    unwellNodes: async () => {
      const { instances } = await lab.braid.run('check', { deployment: name });
      return instances.filter(({ healthy }) => !healthy).map(({ node }) => node);
    },
    heal,
    identities,
    close: async () => {
      await lab.braid.run('uninstall', { deployment: name, force: true }).catch(() => undefined);
      await lab.close();
    },
  };

  async function url(): Promise<string> {
    const { outputs } = await lab.braid.deployment(name);
    return z.object({ url: z.string() }).parse(outputs['load_balancer']).url;
  }

  async function seen(): Promise<string> {
    const where = await url();
    const answers: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const answer = await curl(where);
      if (!pages.some((page) => answer === `200 ${page}`)) return answer;
      answers.push(answer);
    }
    return new Set(answers).size === pages.length ? 'well' : `only ${answers[0] ?? ''}`;
  }

  async function broken(): Promise<string> {
    const deadline = Date.now() + 30_000;
    let what = 'well';
    for (let since = Date.now(); Date.now() - since < staysBrokenMilliseconds; await wait(100)) {
      const now = await seen();
      if (now === 'well') since = Date.now();
      else what = now;
      if (Date.now() > deadline) throw new Error('The chain does not break.');
    }
    return what;
  }

  async function heal(fault: string): Promise<HealResult> {
    const began = performance.now();
    const result = await lab.braid.run('heal', { deployment: name });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const back = result.traffic.map((one) => `; traffic back after ${one.seconds.toFixed(1)} s`).join('');
    const repairs =
      result.repairs.map(({ node, action }) => `${node} ${action}`).join(', ') || 'nothing to do';
    process.stdout.write(`${fault}: ${repairs}; ${seconds} s${back}\n`);
    return result;
  }

  async function identities(): Promise<ReadonlyMap<string, string>> {
    const nodes: readonly MachineNode[] = [
      'kubernetes_host',
      'apache1_host',
      'apache2_host',
      'manager_host',
      'worker_host',
    ];
    const found = await Promise.all(
      nodes.map(async (node) => {
        const { Id, State } = await lab.docker.getContainer(await machine(node)).inspect();
        const units = await on(
          node,
          'systemctl',
          'show',
          '--property=Id,MainPID,ExecMainStartTimestamp',
          'apache2',
          'containerd',
          'docker',
          'kubelet',
        );
        return [node, [Id, State.StartedAt, units].join('\n')] as const;
      }),
    );
    const objects = await kubectl('get', 'rc,service,pod', '-l', 'app=quagga', '-o', identityPath);
    const service = await shell(
      'manager_host',
      "docker service inspect nginx --format '{{.ID}} {{.Version.Index}}'; docker service ps nginx --no-trunc --format '{{.ID}} {{.Node}}'; docker node ls --format '{{.ID}}'",
    );
    return new Map<string, string>([...found, ['router', objects], ['load balancer', service]]);
  }
}

const identityPath =
  'jsonpath={range .items[*]}{.metadata.uid} {.metadata.resourceVersion} {.status.startTime} {.status.containerStatuses[*].containerID}{"\\n"}{end}';

async function curl(url: string): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5000),
    });
    return `${response.status} ${(await response.text()).trim()}`;
  } catch {
    return 'no answer';
  }
}
