import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import { createBraid } from '../../src/client/braid.ts';
import { connect } from '../../src/client/connect.ts';
import { createDataConverter, createWorkerDataConverter } from '../../src/connection/data-converter.ts';
import { workflowBundleWith } from '../../src/connection/workflow-bundle.ts';
import { braid, root, type Running, start } from '../support/processes.ts';
import type { Raw } from './outsider/raw-converter.ts';
import type { act, Step } from './outsider/workflows.ts';

/** Somebody who reaches Temporal’s ports and has no payload key, against a worker and a deployment that have one. */

// What this test provokes is expected.
Runtime.install({ logger: new DefaultLogger('ERROR') });

const { address, namespace } = inject('temporal');
const mark = randomBytes(4).toString('hex');
const key = randomBytes(32).toString('base64');
const keys = { key, oldKeys: [] };
const taskQueue = `sealed-${mark}`;
const own = `outsider-${mark}`;
const deployment = `shut-${mark}`;

let folder: string;
let worker: Running;
let outsider: Client;
let insider: Client;
let outsidersWorker: Worker;
let outsidersWork: Promise<void>;
let native: NativeConnection;
let environment: Readonly<Record<string, string>>;

/** The execution that installed the deployment. */
let install: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-outsider-'));
  await cp(join(root, 'test/starting/blueprints'), join(folder, 'blueprints'), { recursive: true });
  environment = {
    TEMPORAL_ADDRESS: address,
    BRAID_BLUEPRINTS: join(folder, 'blueprints'),
    BRAID_STATE: join(folder, 'state'),
    BRAID_LAB: 'outsider',
    BRAID_TASK_QUEUE: taskQueue,
    BRAID_PAYLOAD_KEY: key,
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  worker = start('src/worker.ts', [], environment, folder);
  outsider = new Client({
    connection: await Connection.connect({ address }),
    dataConverter: { payloadConverterPath: fileOf('raw-converter.ts') },
  });
  insider = await connect({ connectionOptions: { address }, address, namespace }, createDataConverter(keys));
  native = await NativeConnection.connect({ address });
  outsidersWorker = await Worker.create({
    connection: native,
    taskQueue: own,
    dataConverter: { payloadConverterPath: fileOf('raw-converter.ts') },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileOf('workflows.ts'),
      payloadConverterPath: fileOf('raw-converter.ts'),
    }),
  });
  outsidersWork = outsidersWorker.run();
  await worker.said('worker ready');
  await braid(['install', deployment, 'tiny/blueprint.yaml'], environment);
  const query = `WorkflowType = "install" AND WorkflowId STARTS_WITH "install:${deployment}:"`;
  const found = await vi.waitUntil(async () => {
    for await (const { workflowId } of outsider.workflow.list({ query })) return workflowId;
    return undefined;
  });
  install = found;
}, 120_000);
afterAll(async () => {
  worker?.child.kill('SIGTERM');
  outsidersWorker?.shutdown();
  await Promise.all([worker?.ended, outsidersWork]);
  await native?.close();
  await outsider?.connection.close();
  await insider?.connection.close();
  await rm(folder, { recursive: true, force: true });
});

const input = { deployment, blueprint: 'tiny/blueprint.yaml' };
const status = () => braid(['status', deployment], environment);
const stillThere = async () => expect(await status()).toMatchObject({ status: 0 });

describe('a step of a worker of Braid’s', () => {
  test.each([
    ['prepareBlueprint', [{ path: 'tiny/blueprint.yaml', inputs: {} }]],
    ['kubernetes.apply', [{ inputs: {} }]],
    ['something unknown', [{}]],
    ['loadPlan', []],
  ])('%s is not done with arguments %j of an outsider', async (type, args) => {
    expect(await step({ type, args })).toBe('PayloadRefused, for good');
  });

  test('is not done with what was encrypted for another workflow', async () => {
    const { activityId, args } = await stepOf(install, 'prepareBlueprint');
    expect(await step({ type: 'prepareBlueprint', activityId, args })).toBe('PayloadRefused, for good');
  });

  test('is not done in the workflow’s own name with what was encrypted for another step', async () => {
    const { activityId, args } = await stepOf(install, 'prepareBlueprint');
    const others = [
      { type: 'prepareBlueprint', activityId: `${activityId}0`, args },
      { type: 'loadPlan', activityId, args },
      { type: 'prepareBlueprint', activityId, args: [await resultOf(install)] },
    ];
    for (const other of others) {
      expect(await step({ ...other, workflowId: install })).toBe('PayloadRefused, for good');
    }
  });

  // docs/security.md says that this is not prevented.
  test('is done again in its own workflow’s name', async () => {
    const { activityId, args } = await stepOf(install, 'prepareBlueprint');
    expect(await step({ type: 'prepareBlueprint', activityId, args, workflowId: install })).toBe('done');
  });
});

describe('a workflow of Braid’s', () => {
  test.each(['install', 'uninstall', 'check', 'heal', 'prove', 'deployment'])(
    'of type %s takes no input that is not encrypted',
    async (type) => {
      await expect(run(type, `plain:${type}:${mark}`, input)).rejects.toMatchObject(refused('not encrypted'));
    },
  );

  test('takes no input of another workflow, and not its own as one of another type', async () => {
    const [sealed] = await argumentsOf(install);
    await expect(run('install', `other:${mark}`, sealed)).rejects.toMatchObject(refused('encrypted for'));
    await expect(run('uninstall', install, sealed)).rejects.toMatchObject(
      refused('it was encrypted for the workflow install'),
    );
    await stillThere();
  });

  test('takes no result as an input', async () => {
    await expect(run('install', install, await resultOf(install))).rejects.toMatchObject(
      refused('it was encrypted as a result'),
    );
  });

  test('passes over signals, and refuses updates and queries', async () => {
    const entity = outsider.workflow.getHandle(`deployment:${deployment}`);
    const [sealed] = await argumentsOf(install);
    for (const each of [{ fence: 1, changes: [] }, sealed]) await entity.signal('progress', each);
    await entity.signal('progress');
    for (const each of [{ consumer: 'outsider' }, sealed]) {
      await expect(entity.executeUpdate('consume', { args: [each] })).rejects.toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ type: 'PayloadRefused' }) }),
      );
      await expect(entity.query('record', each)).rejects.toThrow('Encoded failure');
    }
    await stillThere();
    expect((await status()).stdout).not.toContain('outsider');
  });
});

test('a workflow takes no result of an outsider’s worker, and ends by it', { timeout: 60_000 }, async () => {
  const robbed = `robbed-${mark}`;
  const { failureConverterPath, ...bundle } = workflowBundleWith(keys);
  const workflows = await Worker.create({
    connection: native,
    taskQueue: robbed,
    dataConverter: createWorkerDataConverter(keys, { plainStarts: false }),
    workflowBundle: await bundleWorkflowCode({
      ...bundle,
      ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    }),
    identity: `own payload-key:${worker.child.pid}`,
  });
  const answer = await argumentsOf(install);
  const steps = await Worker.create({
    connection: native,
    taskQueue: robbed,
    dataConverter: { payloadConverterPath: fileOf('raw-converter.ts') },
    activities: {
      prepareBlueprint: async () => ({ blueprint: {}, plan: {}, planReference: 'chosen' }),
      loadPlan: async () => answer[0],
    },
  });
  const work = Promise.all([workflows.run(), steps.run()]);
  const installing = insider.workflow.execute('install', {
    workflowId: `install:robbed:${mark}`,
    taskQueue: robbed,
    args: [{ deployment: `robbed-${mark}`, blueprint: 'tiny/blueprint.yaml' }],
  });
  await expect(installing).rejects.toMatchObject({
    cause: { type: 'PayloadRefused', message: expect.stringContaining('not encrypted') },
  });
  workflows.shutdown();
  steps.shutdown();
  await work;
});

test('a command takes no answer that is not encrypted', async () => {
  const workflowId = `install:faked:${mark}`;
  await outsider.workflow.execute('answer', { workflowId, taskQueue: own, args: [{ instances: 1 }] });
  const result = createBraid({ client: insider, taskQueue }).result('install', workflowId);
  await expect(result).rejects.toMatchObject({ type: 'PayloadRefused' });
});

describe('with BRAID_ALLOW_PLAIN_STARTS', () => {
  const lenient = `lenient-${mark}`;
  let allowing: Running;
  beforeAll(async () => {
    const settings = { ...environment, BRAID_TASK_QUEUE: lenient, BRAID_ALLOW_PLAIN_STARTS: '1' };
    allowing = start('src/worker.ts', [], settings, folder);
    await allowing.said('worker ready');
  });
  afterAll(async () => {
    allowing.child.kill('SIGTERM');
    await allowing.ended;
  });

  test('a workflow takes an input that is not encrypted', async () => {
    const options = { workflowId: `lenient:${mark}`, taskQueue: lenient, args: [{ deployment }] };
    expect(await outsider.workflow.execute('check', options)).toBe('unreadable');
  });

  test('a step still does not', async () => {
    const args = [{ path: 'tiny/blueprint.yaml', inputs: {} }];
    expect(await step({ type: 'prepareBlueprint', args, taskQueue: lenient })).toBe(
      'PayloadRefused, for good',
    );
  });
});

function fileOf(name: string): string {
  return new URL(`outsider/${name}`, import.meta.url).pathname;
}

let steps = 0;

/** How a step ends that the outsider’s own workflow has scheduled. */
function step(asked: {
  readonly type: string;
  readonly args: readonly unknown[];
  readonly activityId?: string;
  readonly workflowId?: string;
  readonly taskQueue?: string;
}): Promise<string> {
  steps += 1;
  const { workflowId = `act:${mark}:${steps}`, activityId = '1', type, args } = asked;
  const given: Step = { taskQueue: asked.taskQueue ?? taskQueue, type, activityId, args };
  return outsider.workflow.execute<typeof act>('act', { workflowId, taskQueue: own, args: [given] });
}

/** How an execution ends that the outsider has started, as who has the key reads it. */
async function run(type: string, workflowId: string, given: unknown): Promise<unknown> {
  const { firstExecutionRunId } = await outsider.workflow.start(type, {
    workflowId,
    taskQueue,
    args: [given],
  });
  return insider.workflow.getHandle(workflowId, firstExecutionRunId).result();
}

function refused(reason: string) {
  return {
    cause: { type: 'PayloadRefused', nonRetryable: true, message: expect.stringContaining(reason) },
  };
}

type Events = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events'];

/** Of the first run of that id; what the outsider started under it later is another. */
async function eventsOf(workflowId: string): Promise<NonNullable<Events>> {
  runs[workflowId] ??= (await outsider.workflow.getHandle(workflowId).describe()).runId;
  const { events } = await outsider.workflow.getHandle(workflowId, runs[workflowId]).fetchHistory();
  return events ?? [];
}
const runs: Record<string, string> = {};

async function argumentsOf(workflowId: string): Promise<readonly Raw[]> {
  const [started] = await eventsOf(workflowId);
  return (started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []).map(rawOf);
}

async function resultOf(workflowId: string): Promise<Raw> {
  const events = await eventsOf(workflowId);
  const [payload = {}] = events.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
  return rawOf(payload);
}

async function stepOf(workflowId: string, type: string) {
  const scheduled = (await eventsOf(workflowId))
    .map((event) => event.activityTaskScheduledEventAttributes)
    .find((attributes) => attributes?.activityType?.name === type);
  return {
    activityId: z.string().parse(scheduled?.activityId),
    args: (scheduled?.input?.payloads ?? []).map(rawOf),
  };
}

function rawOf({ metadata, data }: Payload): Raw {
  const fields = Object.entries(metadata ?? {}).map(([name, value]) => [name, [...value]]);
  return { raw: { metadata: Object.fromEntries(fields), data: [...(data ?? [])] } };
}
