import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { startTemporal, stopTemporal } from '../../lab/temporal.ts';
import { ensureTemporal } from '../../lab/toolchain/temporal.ts';
import { type ChainLab, startChainLab } from '../support/chain-lab.ts';
import { killTemporal } from '../support/kill-temporal.ts';

/** A chain on a Temporal server and a worker of its own, which are killed while executions run. */
export type ChainUnderFire = {
  readonly lab: ChainLab;
  readonly killServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  /** How many events the execution and those of its components have. */
  readonly events: (kind: string, deployment: string, execution: string) => Promise<number>;
  /** Machines made and removed since the last call, by what made them, sorted. */
  readonly journal: () => readonly string[];
  /** Ends what is left of a test that failed. */
  readonly tidyUp: (deployment: string, latest: string | undefined) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startChainUnderFire(): Promise<ChainUnderFire> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-fire-'));
  const program = await ensureTemporal(() => undefined);
  const startServer = () => startTemporal({ folder, program, standardPorts: false });
  const lab = await startChainLab(await startServer());
  const watched = await watchMachines(lab);
  return {
    lab,
    startServer: async () => void (await startServer()),
    killServer: () => killTemporal(folder),
    events: async (kind, deployment, execution) => {
      const parts = [`${deployment}-kubernetes`, `${deployment}-swarm`];
      const ids = [execution, ...parts.map((part) => `${kind}:${part}:of:${deployment}`)];
      const [whole, ...others] = await Promise.all(ids.map((id) => historyOf(lab, id)));
      if (whole === undefined || whole.length === 0) return 0;
      // Ids of components' executions come again.
      const own = others.filter(({ started }) => started >= whole.started);
      return own.reduce((sum, { length }) => sum + length, whole.length);
    },
    journal: () => watched.take(),
    tidyUp: async (deployment, latest) => {
      const { machines, braid, client } = lab;
      if ((await machines()).length === 0) return;
      await startServer();
      await lab.startWorker();
      if (latest !== undefined) {
        await client.workflow
          .getHandle(latest)
          .terminate('the test failed')
          .catch(() => undefined);
      }
      await braid.run('uninstall', { deployment, force: true }).catch(() => undefined);
    },
    close: async () => {
      watched.close();
      await lab.close();
      await stopTemporal(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nothing also while the server is away. */
async function historyOf(lab: ChainLab, id: string) {
  try {
    const handle = lab.client.workflow.getHandle(id);
    const { startTime, historyLength } = await lab.client.withDeadline(Date.now() + 3_000, () =>
      handle.describe(),
    );
    return { started: startTime.getTime(), length: historyLength };
  } catch {
    return { started: 0, length: 0 };
  }
}

async function watchMachines(lab: ChainLab) {
  let seen: string[] = [];
  const filters = JSON.stringify({ type: ['container'], event: ['create', 'destroy'] });
  const stream = await lab.docker.getEvents({ filters });
  if (!(stream instanceof Readable)) throw new Error('The engine tells no events.');
  createInterface({ input: stream }).on('line', (line) => {
    const event: { Action: string; Actor: { Attributes: Record<string, string> } } = JSON.parse(line);
    const { 'io.braid.lab': label, 'io.braid.instance': instance = '' } = event.Actor.Attributes;
    if (label === lab.label) seen.push(`${event.Action} ${instance.replace(/_\w{6}$/, '')}`);
  });
  return {
    take(): readonly string[] {
      const taken = seen.toSorted();
      seen = [];
      return taken;
    },
    close: () => void stream.destroy(),
  };
}

/** Stops a worker for a while, beside which another one goes on. */
export async function paused(lab: ChainLab, worker: Parameters<ChainLab['killWorker']>[0], seconds: number) {
  worker?.kill('SIGSTOP');
  try {
    await lab.startWorker();
    await wait(seconds * 1000);
  } finally {
    worker?.kill('SIGCONT');
  }
}
