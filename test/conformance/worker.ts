import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDockerProvider } from '../../src/activities/machines/docker/index.ts';
import type { Services } from '../../src/activities/run-operation.ts';
import { keepConnections } from '../../src/activities/ssh/kept-connections.ts';
import { openStore } from '../../src/store/store.ts';
import type { ConformanceWorker, WorkerSettings } from './kind.ts';

export type StartedWorker = ConformanceWorker & {
  /** The same, but with a patience of seconds, which a test can wait for. */
  readonly hasty: Services;
  close(): Promise<void>;
};

/** What a worker has, on folders of its own; `through`: the way to the Docker engine. */
export async function startWorker(lab: string, through: string): Promise<StartedWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-conformance-'));
  const settings = { lab, folder, engineSocket: through };
  const services = await openServices(settings);
  const hasty: Services = {
    ...services,
    ssh: keepConnections({ readyMilliseconds: 2_000, keepaliveMilliseconds: 500 }),
    machines: createDockerProvider({
      lab,
      socketPath: through,
      silenceMilliseconds: 2_000,
    }),
  };
  return {
    services,
    settings,
    hasty,
    close: async () => {
      await Promise.all([services.ssh.close(), hasty.ssh.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function openServices({
  lab,
  folder,
  engineSocket: socketPath,
}: WorkerSettings): Promise<Services> {
  const { secrets, blueprints } = await openStore(folder, folder, {});
  return {
    secrets,
    blueprints,
    ssh: keepConnections(),
    machines: createDockerProvider({ lab, socketPath }),
    installation: 'here',
    kubeconfigRights: new Set(),
  };
}
