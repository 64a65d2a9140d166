import { buffer } from 'node:stream/consumers';
import type { Client } from '@temporalio/client';
import type { Stack } from './stack.ts';

export type HistorySize = {
  readonly execution: string;
  readonly events: number;
  readonly bytes: number;
};

/** Of every workflow that the server has. */
export async function historySizes(client: Client): Promise<readonly HistorySize[]> {
  const sizes: HistorySize[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe();
    sizes.push({ execution: workflowId, events: historyLength, bytes: historySize ?? 0 });
  }
  return sizes;
}

/** Bytes of each of the server's databases. */
export async function tableSizes(stack: Stack): Promise<Readonly<Record<string, number>>> {
  const query =
    "select datname || '=' || pg_database_size(datname) from pg_database where datname like 'temporal%'";
  const [database] = await stack.containers('postgresql');
  const exec = await stack.docker.getContainer(database?.Id ?? '').exec({
    Cmd: [
      'psql',
      '--username=temporal',
      '--dbname=postgres',
      '--tuples-only',
      '--no-align',
      `--command=${query}`,
    ],
    AttachStdout: true,
    Tty: true,
  });
  const text = (await buffer(await exec.start({ Tty: true }))).toString();
  return Object.fromEntries(
    text.split(/\s+/).flatMap((line) => {
      const [name, size] = line.split('=');
      return name === undefined || size === undefined ? [] : [[name, Number(size)]];
    }),
  );
}

export type Memory = { readonly service: string; readonly megabytes: number };

/** What each service holds now, without the files that the kernel keeps for it. */
export async function memoryOf(stack: Stack): Promise<readonly Memory[]> {
  const running = (await stack.containers()).filter(({ State }) => State.Running);
  return Promise.all(
    running.map(async ({ Id, Config }) => {
      const { memory_stats } = await stack.docker.getContainer(Id).stats({ stream: false });
      const { usage, stats } = memory_stats;
      const files = stats['total_inactive_file'] ?? stats.inactive_file ?? 0;
      return {
        service: Config.Labels['com.docker.compose.service'] ?? '',
        megabytes: Math.round((usage - files) / 1024 / 1024),
      };
    }),
  );
}
