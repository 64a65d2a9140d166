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
  /** How long the engine may take for an answer. Default: 60 seconds. */
  readonly silenceMilliseconds?: number;
};

/** Whoever asks whether it is there at all is told soon. */
const reachMilliseconds = 10_000;
const engineSocket = '/var/run/docker.sock';
const kernelModules = '/lib/modules';

/** Machines that are containers with systemd, and their networks, on a local Docker engine. */
export function createDockerProvider(options: DockerProviderOptions): MachineProviders {
  const { socketPath = engineSocket, lab, silenceMilliseconds = 60_000 } = options;
  const engine = connectEngine(socketPath, lab, silenceMilliseconds);
  const asked = connectEngine(socketPath, lab, Math.min(silenceMilliseconds, reachMilliseconds));
  // Machines see the engine's kernel modules where there are any.
  const modules = existsSync(kernelModules) ? kernelModules : undefined;
  return {
    reach: async (signal) =>
      void (await asked.call('tell that it is there', signal, () => asked.docker.ping())),
    networks: dockerNetworks(engine),
    kinds: { container: dockerMachines(engine, modules) },
    usual: 'container',
  };
}
