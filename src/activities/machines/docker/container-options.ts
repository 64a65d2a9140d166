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
 * What systemd, sshd, Docker, containerd, the kubelet, kube-proxy and FRR use, and Braid to end commands (SYS_PTRACE).
 * Not: SYS_MODULE, SYS_BOOT, SYS_TIME, SYS_RAWIO, SYSLOG, MAC_ADMIN and what else reaches the host's kernel itself;
 * DAC_READ_SEARCH, which opens files of the host by their numbers; SYS_RESOURCE, which not every engine has itself.
 */
const capabilities: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_ADMIN',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_ADMIN',
  'SYS_CHROOT',
  'SYS_PTRACE',
];

/** Of the host's kernel; nothing in a machine looks there. Not /proc/sys, whose network part is the machine's own. */
const maskedPaths: readonly string[] = [
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/sys/firmware',
];
const readonlyPaths: readonly string[] = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sysrq-trigger'];

/**
 * The rights that systemd, Docker and Kubernetes need inside a container, and no others. SYS_ADMIN is among them,
 * with which root in it can undo the rest of the confinement: it is a bound for mistakes and for other users of the
 * machine, not for a root that is hostile.
 *
 * Of devices there are those that every container has: no disk, no memory. An engine with cgroup v1 and one with v2
 * get the same options: the image's entry point looks which it is.
 *
 * `kernelModules`: the folder of the engine's kernel modules, where there is one (`/lib/modules`), by which programs
 * see that a module is loaded; default none. None can be loaded from inside.
 */
export function machineContainerOptions(
  options: { readonly kernelModules?: string } = {},
): MachineContainerOptions {
  return {
    HostConfig: {
      CapDrop: ['ALL'],
      CapAdd: [...capabilities],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      MaskedPaths: [...maskedPaths],
      ReadonlyPaths: [...readonlyPaths],
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
