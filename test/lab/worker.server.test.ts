import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startWorker, stopWorker, workerRuns, workerSettings } from '../../lab/worker.ts';

const { address, namespace } = inject('temporal');
let folder: string;
const options = () => ({ lab: 'test-worker', folder, temporal: { address, namespace, ui: '', http: '' } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-worker-'));
});
afterAll(async () => {
  await stopWorker(folder);
  await rm(folder, { recursive: true });
});

it('a lab’s worker is started once, waits until it works, and is stopped', async () => {
  await startWorker(options());
  const first = await readFile(join(folder, 'worker.pid'), 'utf8');
  await startWorker(options());
  expect(await readFile(join(folder, 'worker.pid'), 'utf8')).toBe(first);
  expect(await workerRuns(folder)).toBe(true);
  expect(await stopWorker(folder)).toBe(true);
  expect(await workerRuns(folder)).toBe(false);
});

it('is ready again only when it says so anew', async () => {
  await appendFile(join(folder, 'worker.log'), 'worker ready, long ago\n');
  await expect(startWorker({ ...options(), lab: 'Not a Lab' })).rejects.toThrow(
    /The worker ended while it was starting\..*BRAID_LAB/s,
  );
});

it('is told where to find everything, and nothing of a person’s own Temporal', () => {
  expect(workerSettings(options())).toMatchObject({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_CONFIG_FILE: join(folder, 'temporal.toml'),
    BRAID_STATE: join(folder, 'store'),
    BRAID_LAB: 'test-worker',
    BRAID_TASK_QUEUE: 'braid',
  });
});
