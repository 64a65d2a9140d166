import type Docker from 'dockerode';
import type { KindOptions, MachineKind } from '../docker/kind.ts';
import type { MachineRequest } from '../provider.ts';
import { seedArchive } from './seed.ts';

/** On an emulated processor a machine takes a minute to boot when it is alone, and several beside others. */
const slowness = 6;
const usualCpus = 1;
/** MiB. */
const usualMemory = 512;

/** The devices, by their fixed numbers, through which QEMU reaches taps and the host's processor. */
const devices = ['c 10:200 rwm', 'c 10:232 rwm'];

/** The console is the container's log: little of it is kept, and whatever the engine does with others. */
const consoleLog: Docker.HostConfig['LogConfig'] = {
  Type: 'json-file',
  Config: { 'max-size': '1m', 'max-file': '2' },
};

/**
 * Virtual machines by QEMU, each in a container that lends it its place in the networks, its name and its disk:
 * so the engine keeps its addresses from others, starts it again when QEMU ends, and leaves nothing of it behind.
 * `nameServers`: the engine's host's file of the name servers that the machines ask, if there is one.
 */
export function virtualMachineKind(nameServers: string | undefined): MachineKind {
  return {
    name: 'virtual_machine',
    usualImage: 'braid/virtual-machine',
    slowness,
    options: (request) => virtualMachineOptions(request, nameServers),
    firstBootFiles: (_engine, _container, request) => seedArchive(request),
    hostKeyFile: '/var/lib/braid/host-key.pub',
    takesNetworks: false,
  };
}

function virtualMachineOptions(
  { cpus, memory }: MachineRequest,
  nameServers: string | undefined,
): KindOptions {
  return {
    HostConfig: {
      // Bridges and taps in the container's own network, and nothing else of the host.
      CapAdd: ['NET_ADMIN'],
      DeviceCgroupRules: devices,
      Binds: nameServers === undefined ? [] : [`${nameServers}:/run/host-resolv.conf:ro`],
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: consoleLog,
    },
    Env: [`MACHINE_CPUS=${cpus ?? usualCpus}`, `MACHINE_MEMORY=${memory ?? usualMemory}`],
    StopSignal: 'SIGTERM',
    StopTimeout: 120,
  };
}
