import { existsSync } from 'node:fs';
import type { MachineProviders } from '../provider.ts';
import { virtualMachineKind } from '../qemu/kind.ts';
import { connectEngine } from './engine.ts';
import { containerKind } from './container-kind.ts';
import { dockerMachines } from './machines.ts';
import { dockerNetworks } from './networks.ts';

export type DockerProviderOptions = {
  /** Of the engine. Default: `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** Marks what is ours, so that several labs can share an engine. */
  readonly lab: string;
  /** The kind of machines that name none. Default: `container`. */
  readonly usual?: string;
};

const engineSocket = '/var/run/docker.sock';
const kernelModules = '/lib/modules';

/** Machines that are containers with systemd or with QEMU, and their networks, on a local Docker engine. */
export function createDockerProvider(options: DockerProviderOptions): MachineProviders {
  const engine = connectEngine(options.socketPath ?? engineSocket, options.lab);
  // Machines see the engine's kernel modules where there are any.
  const modules = existsSync(kernelModules) ? kernelModules : undefined;
  const kinds = [containerKind(modules), virtualMachineKind];
  return {
    reach: async (signal) => void (await engine.call('answer', signal, () => engine.docker.ping())),
    networks: dockerNetworks(engine),
    kinds: Object.fromEntries(kinds.map((kind) => [kind.name, dockerMachines(engine, kind)])),
    usual: options.usual ?? 'container',
  };
}
