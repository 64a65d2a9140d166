import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { Services } from '../../src/activities/run-operation.ts';
import { createDockerProvider } from '../../src/activities/machines/docker/index.ts';
import type { TestMachine } from '../support/machine.ts';
import { type SocketProxy, startSocketProxy } from '../support/socket-proxy.ts';
import type { Fault, FaultName, Step } from './kind.ts';
import { runInProcess } from './process.ts';
import type { ConformanceLab } from './lab.ts';

/** The Docker engine of this host behind a way that can be disturbed, and one that can be filled up. */
export type EngineLab = {
  /** The engine, past the worker and the proxy. */
  readonly docker: Docker;
  readonly proxy: SocketProxy;
  readonly small: SmallEngine;
  close(): Promise<void>;
};

/** `machine`: carries the one that can be filled up. */
export async function startEngineLab(machine: TestMachine, name: string): Promise<EngineLab> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-engine-'));
  const proxy = await startSocketProxy(join(folder, 'docker.sock'), '/var/run/docker.sock');
  const small = await startSmallEngine(machine, join(folder, 'small.sock'), name);
  const docker = new Docker({ socketPath: '/var/run/docker.sock' });
  return {
    docker,
    proxy,
    small,
    close: async () => {
      await removeOwn(docker, name);
      await small.close();
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a failed test left: the names of all begin so. */
async function removeOwn(docker: Docker, name: string): Promise<void> {
  const named = { filters: { name: [name] } };
  for (const { Id } of await docker.listContainers({ all: true, ...named })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id } of await docker.listNetworks(named)) await docker.getNetwork(Id).remove();
}

/** What a network's or port's instance notes. */
export type NetworkFacts = { readonly network_id: string; readonly subnet: string };

/** An engine of its own with very little room, on a machine. */
export type SmallEngine = {
  /** Machines there need the image `small`, which has the user `debian`. */
  readonly provider: Services['machines'];
  fill(): Promise<void>;
  empty(): Promise<void>;
  close(): Promise<void>;
};

async function startSmallEngine(machine: TestMachine, path: string, lab: string): Promise<SmallEngine> {
  await machine.inside(smallEngine);
  const target = { host: machine.endpoint.host, port: 2375, tls: false };
  const proxy = await startSocketProxy(path, target);
  return {
    provider: createDockerProvider({ lab, socketPath: path }),
    fill: async () =>
      void (await machine.inside('dd if=/dev/zero of=/small/filler bs=4k 2>/dev/null || true')),
    empty: async () => void (await machine.inside('rm -f /small/filler')),
    close: () => proxy.close(),
  };
}

const smallEngine = `
  set -e
  mkdir -p /small /root/image/etc /root/image/home/debian
  mount -t tmpfs -o size=96m tmpfs /small
  systemctl start containerd
  systemd-run --quiet --unit=small-engine dockerd --data-root /small --exec-root /run/small --pidfile /run/small.pid \\
    --containerd /run/containerd/containerd.sock --containerd-namespace small --containerd-plugins-namespace small-plugins \\
    --bridge none --iptables=false --host tcp://0.0.0.0:2375 --tls=false
  export DOCKER_HOST=tcp://127.0.0.1:2375
  until docker version >/dev/null 2>&1; do sleep 0.1; done
  echo 'debian:x:1000:1000::/home/debian:/bin/sh' >/root/image/etc/passwd
  files="/bin/sh /bin/sleep"
  libraries=$(ldd $files | grep -o '/[^ ]*' | grep -v : | sort -u)
  tar -ch $files $libraries -C /root/image etc home 2>/dev/null |
    docker import --change 'ENTRYPOINT ["/bin/sh","-c","while :; do sleep 1; done"]' - small`;

const unavailable = { code: 'ProviderUnavailable', retryable: true } as const;

/** What can happen to the way to the engine. */
export function engineFaults(
  lab: () => ConformanceLab,
  step: Step,
): Readonly<Record<Exclude<FaultName, 'out of space'>, Fault>> {
  return {
    unreachable: {
      what: 'no engine listens',
      strike: () => lab().engine.proxy.close(),
      mend: () => lab().engine.proxy.open(),
      told: { ...unavailable, message: /no Docker engine answers at \S+docker\.sock/, within: 3 },
    },
    unauthorised: {
      what: 'the worker may not open the engine’s socket',
      strike: () => chmod(lab().engine.proxy.path, 0o000),
      mend: () => chmod(lab().engine.proxy.path, 0o700),
      run: async (instance) => {
        const outcome = await runInProcess(instance, step, { asAnyUser: true });
        if (outcome.ended === 'badly') throw Object.assign(new Error(outcome.message), outcome);
      },
      told: { code: 'Unauthorized', retryable: false, message: /may not open .*docker\.sock/, within: 10 },
    },
    slow: {
      what: 'the engine says nothing',
      strike: () => Promise.resolve(lab().engine.proxy.silence()),
      mend: () => Promise.resolve(lab().engine.proxy.speak()),
      hasty: () => lab().worker.hasty,
      told: { ...unavailable, message: /said nothing for 2 s when asked to/, within: 6 },
    },
  };
}
