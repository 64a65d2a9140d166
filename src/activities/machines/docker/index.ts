import { existsSync } from 'node:fs';
import type { MachineProviders } from '../provider.ts';
import { virtualMachineKind } from '../qemu/kind.ts';
import { containerKind } from './container-kind.ts';
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
/** Who knows the host's name servers; the first that is there. The one of systemd-resolved knows those behind it. */
const nameServerFiles = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** Machines that are containers with systemd or with QEMU, and their networks, on a local Docker engine. */
export function createDockerProvider(options: DockerProviderOptions): MachineProviders {
  const { socketPath = engineSocket, lab, silenceMilliseconds = 60_000 } = options;
  const engine = connectEngine(socketPath, lab, silenceMilliseconds);
  const asked = connectEngine(socketPath, lab, Math.min(silenceMilliseconds, reachMilliseconds));
  // Machines see the engine's kernel modules where there are any.
  const modules = existsSync(kernelModules) ? kernelModules : undefined;
  const kinds = [
    containerKind(modules),
    virtualMachineKind(nameServerFiles.find((file) => existsSync(file))),
  ];
  return {
    reach: async (signal) =>
      void (await asked.call('tell that it is there', signal, () => asked.docker.ping())),
    networks: dockerNetworks(engine),
    kinds: Object.fromEntries(kinds.map((kind) => [kind.name, dockerMachines(engine, kind)])),
    usual: 'container',
  };
}
