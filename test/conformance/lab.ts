import { createDockerProvider } from '../../src/activities/machines/docker/index.ts';
import { startSwarm, type TestSwarm } from '../activities/swarm/swarm-lab.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { type EngineLab, type NetworkFacts, startEngineLab } from './engine.ts';
import { freeSubnets } from './free-subnet.ts';
import { machineKey } from './host.ts';
import { type KubernetesLab, startKubernetesLab } from './kubernetes.ts';
import { type Site, startSite } from './site.ts';
import { type StartedWorker, startWorker } from './worker.ts';

/** The real systems of all kinds, and a worker that reaches each by a way that can be disturbed. */
export type ConformanceLab = {
  readonly worker: StartedWorker;
  readonly engine: EngineLab;
  /** A subnet that is free, and a network that is there. */
  readonly subnet: string;
  readonly network: NetworkFacts;
  /** Carries the Swarm too, and the engine with little room. */
  readonly machine: TestMachine;
  readonly swarm: TestSwarm;
  readonly kubernetes: KubernetesLab;
  readonly site: Site;
  close(): Promise<void>;
};

/** All that it makes on the Docker engine is named after it. */
export async function startConformanceLab(name: string): Promise<ConformanceLab> {
  const closing = new AsyncDisposableStack();
  const close = (): Promise<void> => closing.disposeAsync();
  const kept = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    closing.defer(() => started.close());
    return started;
  };
  const onMachine = async () => {
    const machine = await startMachine();
    closing.defer(() => machine.remove());
    // At its start this engine removes the bridge that the Swarm's needs.
    const engine = await kept(startEngineLab(machine, name));
    const swarm = await startSwarm({ machine, room: '400m' });
    for (const network of ['inner', 'outer'])
      await swarm.docker(`network create --driver overlay ${network}`);
    return { machine, engine, swarm };
  };
  try {
    const starting = [onMachine(), kept(startKubernetesLab()), kept(startSite())] as const;
    // One that fails must not leave behind what the others still start.
    await Promise.allSettled(starting);
    const [{ machine, swarm, engine }, kubernetes, site] = await Promise.all(starting);
    const worker = await kept(startWorker(name, engine.proxy.path));
    const { secrets } = worker.services;
    await secrets.put(machineKey, machine.endpoint.privateKey);
    for (const [secret, value] of swarm.secrets) await secrets.put(secret, value);
    await kubernetes.use(secrets);
    const [subnet, taken] = await freeSubnets(engine.docker);
    const network = { network_id: `${name}-stays`, subnet: taken };
    const request = {
      name: network.network_id,
      subnet: taken,
      owner: { deployment: name, instance: 'stays_1' },
    };
    for (const { networks } of [createDockerProvider({ lab: name }), engine.small.provider]) {
      await networks.create(request, AbortSignal.timeout(30_000));
    }
    return { worker, engine, subnet, network, machine, swarm, kubernetes, site, close };
  } catch (error) {
    await close();
    throw error;
  }
}
