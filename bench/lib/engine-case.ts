import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { createBraid } from '../../src/client/braid.ts';
import { bareQueue } from './engine-workers.ts';

export type EngineCase = {
  readonly shape: 'wide' | 'row';
  readonly count: number;
  /** Operations in flight at a time. */
  readonly window: number;
};

/** Seconds of both, one after the other. */
export async function measureCase(
  client: Client,
  taskQueue: string,
  { shape, count, window }: EngineCase,
): Promise<{ readonly bare: number; readonly braid: number }> {
  const name = `${shape}-${randomBytes(4).toString('hex')}`;
  const bare = await seconds(() =>
    client.workflow.execute(shape, { workflowId: name, taskQueue: bareQueue, args: [count, window] }),
  );
  const braid = createBraid({ client, taskQueue });
  return {
    bare,
    braid: await seconds(() => braid.run('install', { deployment: name, blueprint: shape, window })),
  };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
