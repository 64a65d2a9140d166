import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type Docker from 'dockerode';
import { inside } from './belongings.ts';
import type { Stack } from './stack.ts';

const mebibyte = 1024 * 1024;

export type Histories = { readonly executions: number; readonly events: number; readonly kilobytes: number };

/** Of every workflow that the server has. */
export async function historiesOf(client: Client): Promise<Histories> {
  let [executions, events, bytes] = [0, 0, 0];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe();
    executions += 1;
    events += historyLength;
    bytes += historySize ?? 0;
  }
  return { executions, events, kilobytes: Math.round(bytes / 1024) };
}

/** Megabytes of the server's databases together, as PostgreSQL counts them. */
export async function databaseSize(stack: Stack): Promise<number> {
  const [database] = await stack.containers('postgresql');
  const sum = "select sum(pg_database_size(datname)) from pg_database where datname like 'temporal%'";
  const psql = ['psql', '--username=temporal', '--dbname=postgres', '--tuples-only', '--no-align'];
  const [bytes] = await inside(database?.Id ?? '', [...psql, `--command=${sum}`]);
  return Math.round((Number(bytes) / mebibyte) * 10) / 10;
}

/** Of a container, since it was watched. Memory is without the files that the kernel keeps for it. */
export type Usage = {
  readonly service: string;
  readonly megabytesAtFirst: number;
  readonly megabytesAtMost: number;
  readonly cpuSeconds: number;
};

/** Asks the engine every other second; the function that it returns ends that and tells what was seen. */
export function watchUsage(stack: Stack): () => Promise<readonly Usage[]> {
  const seen = new Map<string, Seen>();
  const ended = new AbortController();
  const watching = watch(stack, seen, ended.signal);
  return async () => {
    ended.abort();
    await watching;
    await look(stack, seen);
    return [...seen.values()]
      .map(({ usage }) => ({ ...usage, cpuSeconds: Math.round(usage.cpuSeconds) }))
      .toSorted((one, other) => one.service.localeCompare(other.service));
  };
}

type Seen = {
  readonly usage: Usage;
  /** Seconds of the processor, since the container was started. */
  readonly counter: number;
};

async function watch(stack: Stack, seen: Map<string, Seen>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look(stack, seen);
    await wait(2000, undefined, { signal }).catch(() => undefined);
  }
}

async function look(stack: Stack, seen: Map<string, Seen>): Promise<void> {
  const running = (await stack.containers()).filter(({ State }) => State.Running);
  await Promise.all(
    running.map(async ({ Id, Config }) => {
      const stats = await stack.docker.getContainer(Id).stats({ stream: false });
      // Of one that has just ended there are none, whatever the library's types say.
      if (!('memory_stats' in stats) || stats.memory_stats.usage === undefined) return;
      const { memory_stats, cpu_stats } = stats;
      const counter = cpu_stats.cpu_usage.total_usage / 1e9;
      const megabytes = megabytesOf(memory_stats);
      const before = seen.get(Id);
      const service = Config.Labels['com.docker.compose.service'] ?? '';
      const { megabytesAtFirst, megabytesAtMost, cpuSeconds } = before?.usage ?? {
        megabytesAtFirst: megabytes,
        megabytesAtMost: megabytes,
        cpuSeconds: 0,
      };
      const usage = {
        service,
        megabytesAtFirst,
        megabytesAtMost: Math.max(megabytes, megabytesAtMost),
        cpuSeconds: cpuSeconds + grown(before?.counter ?? counter, counter),
      };
      seen.set(Id, { usage, counter });
    }),
  );
}

/** The counter begins anew with the container. */
function grown(from: number, to: number): number {
  return to < from ? to : to - from;
}

function megabytesOf({ usage, stats }: Docker.MemoryStats): number {
  const files = stats['total_inactive_file'] ?? stats.inactive_file ?? 0;
  return Math.round((usage - files) / mebibyte);
}
