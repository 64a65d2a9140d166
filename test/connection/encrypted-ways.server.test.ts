import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { connect } from '../../src/client/connect.ts';
import { createDataConverter } from '../../src/connection/data-converter.ts';
import { entityId } from '../../src/contracts/entity.ts';
import { root, type Running, start } from '../support/processes.ts';

/** With a payload key: every way on which something encrypted comes to a workflow again, or to another. */

const { address, namespace } = inject('temporal');
const mark = randomBytes(4).toString('hex');
const key = randomBytes(32).toString('base64');
const taskQueue = `ways-${mark}`;
const deployment = `ways-${mark}`;
const input = { deployment, blueprint: 'tiny/blueprint.yaml' };

let folder: string;
let environment: Readonly<Record<string, string>>;
let worker: Running;
let client: Client;
let braid: Braid;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-ways-'));
  await cp(join(root, 'test/starting/blueprints'), join(folder, 'blueprints'), { recursive: true });
  environment = {
    TEMPORAL_ADDRESS: address,
    BRAID_BLUEPRINTS: join(folder, 'blueprints'),
    BRAID_STATE: join(folder, 'state'),
    BRAID_LAB: 'ways',
    BRAID_TASK_QUEUE: taskQueue,
    BRAID_PAYLOAD_KEY: key,
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  worker = start('src/worker.ts', [], environment, folder);
  const profile = { connectionOptions: { address }, address, namespace };
  client = await connect(profile, createDataConverter({ key, oldKeys: [] }));
  braid = createBraid({ client, taskQueue });
  await worker.said('worker ready');
  await vi.waitUntil(() => braid.hasWorker(), { timeout: 30_000, interval: 100 });
  await braid.run('install', input);
}, 120_000);
afterAll(async () => {
  worker?.child.kill('SIGTERM');
  await worker?.ended;
  await client?.connection.close();
  await rm(folder, { recursive: true, force: true });
});

test('a component is installed by a child workflow', async () => {
  const family = { deployment: `family-${mark}`, blueprint: 'family/blueprint.yaml' };
  expect((await braid.run('install', family)).outputs).toEqual({ heard: 'good day, world' });
  await braid.run('uninstall', { deployment: family.deployment });
});

test('a schedule heals, also when it was changed', async () => {
  for (const seconds of [7_200, 3_600]) await braid.healEvery({ deployment }, seconds);
  const schedule = client.schedule.getHandle(`heal:${deployment}`);
  await schedule.trigger();
  const healed = await vi.waitUntil(
    async () => (await schedule.describe()).info.recentActions.at(0)?.action.workflow.workflowId,
    { timeout: 20_000, interval: 100 },
  );
  expect(healed).toMatch(/:scheduled-\d{4}-/);
  expect(await client.workflow.getHandle(healed).result()).toMatchObject({ deployment });
  expect(await braid.healNoMore(deployment)).toBe(true);
});

test('an execution that is reset works again', async () => {
  const execution = await braid.start('check', { deployment });
  await braid.result('check', execution);
  const { events } = await client.workflow.getHandle(execution).fetchHistory();
  const decided = events?.find((event) => event.workflowTaskCompletedEventAttributes != null)?.eventId;
  if (decided == null) throw new Error('The execution has decided nothing.');
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: execution },
    requestId: mark,
    reason: 'a test',
    workflowTaskFinishEventId: decided,
  });
  const again = client.workflow.getHandle(execution, runId ?? undefined);
  expect(await again.result()).toMatchObject({ deployment });
});

test('a deployment lives on when its workflow continues as new', async () => {
  const entity = client.workflow.getHandle(entityId(deployment));
  const { runId: first } = await entity.describe();
  for (let times = 0; times < 20 && (await entity.describe()).runId === first; times += 1) {
    await braid.run('install', input);
  }
  expect((await entity.describe()).runId).not.toBe(first);
  expect(await braid.deployment(deployment)).toMatchObject({ phase: 'installed' });
});

test('a worker that starts anew reads all of it again', async () => {
  worker.child.kill('SIGTERM');
  await worker.ended;
  worker = start('src/worker.ts', [], environment, folder);
  await worker.said('worker ready');
  expect(await braid.run('uninstall', { deployment })).toMatchObject({ removed: 2 });
});
