import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningDaemon } from '../../lab/process.ts';
import { startTemporal, stopTemporal, type TemporalEndpoint, temporalStatus } from '../../lab/temporal.ts';
import { searchAttributes } from '../../lab/temporal-options.ts';
import { ensureTemporal } from '../../lab/toolchain/temporal.ts';

let folder: string;
let first: TemporalEndpoint;
let second: TemporalEndpoint;

const start = async (name: string) =>
  startTemporal({
    folder: join(folder, name),
    program: await ensureTemporal(() => undefined),
    standardPorts: false,
    http: true,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-temporal-'));
  await Promise.all(['first', 'second'].map((name) => mkdir(join(folder, name))));
  [first, second] = await Promise.all([start('first'), start('second')]);
});

afterAll(async () => {
  await Promise.all(['first', 'second'].map((name) => stopTemporal(join(folder, name))));
  await rm(folder, { recursive: true });
});

describe('a lab’s Temporal', () => {
  it('runs beside another', async () => {
    expect(first.address).not.toBe(second.address);
    for (const endpoint of [first, second]) {
      expect((await fetch(endpoint.ui)).status).toBe(200);
      expect((await fetch(`${endpoint.http}/api/v1/namespaces/default`)).status).toBe(200);
    }
  });

  it('is found again when it runs', async () => {
    expect(await start('first')).toEqual(first);
    expect(await temporalStatus(join(folder, 'first'))).toEqual({ endpoint: first, healthy: true });
    expect(await temporalStatus(join(folder, 'third'))).toBeUndefined();
  });

  it('knows Braid’s search attributes', async () => {
    const known = await withClient(first, ({ connection }) =>
      connection.operatorService.listSearchAttributes({ namespace: first.namespace }),
    );
    expect(Object.keys(known.customAttributes ?? {})).toEqual(
      expect.arrayContaining(Object.keys(searchAttributes)),
    );
  });

  it('remembers its workflows and its address when it was stopped', async () => {
    await withClient(first, (client) =>
      client.workflow.start('nobody', { workflowId: 'kept', taskQueue: 'nobody' }),
    );
    await stopTemporal(join(folder, 'first'));
    expect((await temporalStatus(join(folder, 'first')))?.healthy).toBe(false);
    expect(await start('first')).toEqual(first);
    const found = await withClient(first, (client) => client.workflow.getHandle('kept').describe());
    expect(found.status.name).toBe('RUNNING');
  });
});

it('says what the server said when it does not start', async () => {
  const broken = join(folder, 'broken');
  await mkdir(join(broken, 'temporal.db'), { recursive: true });
  await expect(
    startTemporal({
      folder: broken,
      program: await ensureTemporal(() => undefined),
      standardPorts: false,
      patience: 20_000,
    }),
  ).rejects.toThrow(/Temporal server .*\n.*/);
  expect(await runningDaemon({ folder: broken, name: 'guard-ui' })).toBeUndefined();
});

async function withClient<T>(endpoint: TemporalEndpoint, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: endpoint.address });
  try {
    return await work(new Client({ connection, namespace: endpoint.namespace }));
  } finally {
    await connection.close();
  }
}
