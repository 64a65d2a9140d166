import type Docker from 'dockerode';

/** Folders whose file systems must not be the container's own overlay: engines cannot run on top of one. */
const volumeFolders = [
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/kubelet',
  '/var/lib/etcd',
] as const;

/** What makes a container of the image `braid/machine` a machine; a part of the options of `createContainer`. */
export type MachineContainerOptions = {
  readonly HostConfig: Docker.HostConfig & { readonly CgroupnsMode: 'private' };
  /** Anonymous volumes; `remove({ v: true })` takes them away with the machine. */
  readonly Volumes: Readonly<Record<string, object>>;
  /** By which systemd is told to shut down. */
  readonly StopSignal: string;
  /** Seconds until a machine that does not shut down is switched off. */
  readonly StopTimeout: number;
};

/**
 * The rights that systemd, Docker and Kubernetes need inside a container.
 *
 * Not `Privileged`: that fails where the engine itself lacks a capability (CAP_SYS_RESOURCE). Every right but
 * that one, without the confinement around them, works on such an engine and on a usual one. An engine with
 * cgroup v1 and one with v2 get the same options: the image's entry point looks which it is.
 *
 * `kernelModules`: the folder of the engine's kernel modules, where there is one (`/lib/modules`); default none.
 */
export function machineContainerOptions(
  options: { readonly kernelModules?: string } = {},
): MachineContainerOptions {
  return {
    HostConfig: {
      CapAdd: ['ALL'],
      CapDrop: ['SYS_RESOURCE'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      // What the command line calls `--security-opt systempaths=unconfined`.
      MaskedPaths: [],
      ReadonlyPaths: [],
      DeviceCgroupRules: ['a *:* rwm'],
      CgroupnsMode: 'private',
      Tmpfs: { '/run': 'exec,mode=755', '/run/lock': '' },
      Binds: options.kernelModules === undefined ? [] : [`${options.kernelModules}:/lib/modules:ro`],
      RestartPolicy: { Name: 'unless-stopped' },
    },
    Volumes: Object.fromEntries(volumeFolders.map((folder) => [folder, {}])),
    StopSignal: 'SIGRTMIN+3',
    StopTimeout: 20,
  };
}
