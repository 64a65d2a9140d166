import { containerFirstBoot, ensureKey } from './container-first-boot.ts';
import { machineContainerOptions } from './container-options.ts';
import type { MachineKind } from './kind.ts';

/** Machines that are containers with systemd. `kernelModules`: as in `machineContainerOptions`. */
export function containerKind(kernelModules: string | undefined): MachineKind {
  const { HostConfig, ...rest } = machineContainerOptions(
    kernelModules === undefined ? {} : { kernelModules },
  );
  return {
    name: 'container',
    usualImage: 'braid/machine',
    slowness: 1,
    options: ({ cpus, memory }) => ({
      ...rest,
      HostConfig: {
        ...HostConfig,
        ...(cpus === undefined ? {} : { NanoCpus: cpus * 1e9 }),
        ...(memory === undefined ? {} : { Memory: memory * 2 ** 20 }),
      },
    }),
    firstBootFiles: containerFirstBoot,
    letUserIn: ensureKey,
    hostKeyFile: '/etc/ssh/ssh_host_ed25519_key.pub',
    takesNetworks: true,
  };
}
