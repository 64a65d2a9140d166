import { existsSync } from 'node:fs';
import type { MachineProviders } from '../provider.ts';
import { connectEngine } from './engine.ts';
import { dockerMachines } from './machines.ts';
import { dockerNetworks } from './networks.ts';

export type DockerProviderOptions = {
  /** Of the engine. Default: `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** Marks what is ours, so that several labs can share an engine. */
  readonly lab: string;
};

const engineSocket = '/var/run/docker.sock';
const kernelModules = '/lib/modules';

/** Machines that are containers with systemd, and their networks, on a local Docker engine. */
export function createDockerProvider(options: DockerProviderOptions): MachineProviders {
  const engine = connectEngine(options.socketPath ?? engineSocket, options.lab);
  // Machines see the engine's kernel modules where there are any.
  const modules = existsSync(kernelModules) ? kernelModules : undefined;
  return {
    reach: async (signal) => void (await engine.call('answer', signal, () => engine.docker.ping())),
    networks: dockerNetworks(engine),
    kinds: { container: dockerMachines(engine, modules) },
    usual: 'container',
  };
}
