import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDeployments } from '../../../src/activities/deployments/deployments.ts';
import { createKept, type Kept } from '../../../src/activities/deployments/kept.ts';
import { createBraid, type Braid } from '../../../src/client/braid.ts';
import { dataConverter } from '../../../src/connection/data-converter.ts';
import { openStore, type Store, storeFolders } from '../../../src/store/store.ts';
import { type Station, startStation } from '../../support/station.ts';

/** Plans and copies of blueprints go with the last that needs them, and not before. */

let station: Station;
let client: Client;
let braid: Braid;
let store: Store;
let kept: Kept;

beforeAll(async () => {
  station = await startStation();
  await station.startWorker();
  client = new Client({
    connection: await Connection.connect({ address: station.temporal.address }),
    dataConverter,
  });
  braid = createBraid({ client, taskQueue: 'braid' });
  store = await openStore(join(station.folder, 'state'), station.blueprints, {});
  const { namespaceInfo } = await client.workflowService.describeNamespace({ namespace: 'default' });
  const deployments = createDeployments({ client, taskQueue: 'braid', searchAttributes: true });
  kept = createKept({ client, deployments, usage: store.usage, home: namespaceInfo?.id ?? '' });
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await station?.stop();
});
/** All that is kept, by file. */
async function there(): Promise<readonly string[]> {
  const { values, blueprints, used } = storeFolders(join(station.folder, 'state'));
  const names = await Promise.all(
    [values, blueprints, used].map((folder) => readdir(folder).catch(() => [])),
  );
  return names.flat().sort();
}

const install = (deployment: string, blueprint = 'tiny/blueprint.yaml', inputs = {}) =>
  braid.run('install', { deployment, blueprint, inputs });
const uninstall = (deployment: string) => braid.run('uninstall', { deployment });

test('two deployments of the same blueprint: it stays until both are gone', async () => {
  await install('one');
  await install('two');
  // Plan, blueprint, and who uses them.
  expect(await there()).toHaveLength(4);
  await uninstall('one');
  expect(await there()).toHaveLength(3);
  await braid.run('check', { deployment: 'two' });
  await uninstall('two');
  expect(await there()).toEqual([]);
});

test('nothing stays of an install that is refused', async () => {
  await expect(install('none', 'broken/blueprint.yaml')).rejects.toMatchObject({ type: 'BlueprintInvalid' });
  expect(await there()).toEqual([]);
  await install('one');
  const before = await there();
  const other = install('one', 'tiny/blueprint.yaml', { greeting: 'a password, say' });
  await expect(other).rejects.toMatchObject({ type: 'DeploymentExists' });
  expect(await there()).toEqual(before);
  await uninstall('one');
});

test('an install and an uninstall that are terminated in their middle leave all that the next ones need', async () => {
  const execution = await braid.start('install', {
    deployment: 'slow',
    blueprint: 'slow/blueprint.yaml',
    inputs: {},
  });
  await vi.waitUntil(async () => (await braid.progress(execution)) !== undefined, { timeout: 20_000 });
  await client.workflow.getHandle(execution).terminate();
  expect(await kept.sweep()).toBe(0);
  expect(await there()).toHaveLength(3);

  const removing = await braid.start('uninstall', { deployment: 'slow' });
  await client.workflow.getHandle(removing).terminate();
  await kept.sweep();
  const ended = await uninstall('slow').then(
    () => 'removed',
    (error: unknown) => (error instanceof ApplicationFailure ? error.type : error),
  );
  // It may have been over before.
  expect(['removed', 'DeploymentNotFound']).toContain(ended);
  await kept.sweep();
  expect(await there()).toEqual([]);
});

test('what an execution has prepared stays while it may begin, and goes when it never did', async () => {
  const run = await client.workflow.start('install', {
    workflowId: 'prepared',
    taskQueue: 'nobody polls this one',
  });
  const announce = kept.preparing({ execution: 'prepared', runId: run.firstExecutionRunId });
  const plan = await store.values.put({ prepared: true }, announce.plan);
  await store.blueprints.put('tiny/blueprint.yaml', announce.blueprint);
  expect(await kept.sweep()).toBe(0);
  expect(await store.values.exists(plan)).toBe(true);
  await run.terminate();
  expect(await kept.sweep()).toBe(1);
  expect(await store.values.exists(plan)).toBe(false);
});

test('an execution that was reset to before its begin is refused when its plan is gone', async () => {
  const execution = await braid.start('install', {
    deployment: 'reset',
    blueprint: 'tiny/blueprint.yaml',
    inputs: {},
  });
  await braid.result('install', execution);
  await uninstall('reset');
  const { events } = await client.workflow.getHandle(execution).fetchHistory();
  const completed = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: told }) => told !== null);
  const { runId } = await client.workflow.getHandle(execution).describe();
  // Its first task prepares, its second begins.
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: execution, runId },
    reason: 'a test',
    requestId: crypto.randomUUID(),
    workflowTaskFinishEventId: completed[1]?.eventId ?? null,
  });
  await expect(braid.result('install', execution)).rejects.toThrow(/is kept no more\. Install again/);
  await expect(braid.deployment('reset')).rejects.toMatchObject({ type: 'DeploymentNotFound' });
  expect(await there()).toEqual([]);
});

test('a worker that starts removes what killed ones could not', async () => {
  const announce = kept.preparing({ execution: 'of long ago', runId: crypto.randomUUID() });
  await store.values.put({ 'nobody’s': true }, announce.plan);
  const worker = await station.startWorker();
  await vi.waitFor(async () => expect(await there()).toEqual([]), { timeout: 20_000 });
  worker.child.kill('SIGTERM');
  await worker.ended;
});

test('what another server’s deployments use is left alone', async () => {
  const deployments = createDeployments({ client, taskQueue: 'braid', searchAttributes: true });
  const other = createKept({ client, deployments, usage: store.usage, home: 'another server' });
  const run = { execution: 'elsewhere', runId: crypto.randomUUID() };
  const plan = await store.values.put({ elsewhere: true }, other.preparing(run).plan);
  expect(await kept.sweep()).toBe(0);
  expect(await store.values.exists(plan)).toBe(true);
  expect(await other.sweep()).toBe(1);
});

test('deployments of the time before, of which no note tells, keep what they use', async () => {
  const { values, blueprints, used } = storeFolders(join(station.folder, 'state'));
  await install('one');
  const [value = ''] = await readdir(values);
  const text = await readFile(join(values, value), 'utf8');
  const yaml = await readFile(join(station.blueprints, 'tiny', 'blueprint.yaml'), 'utf8');
  await uninstall('one');
  const copy = sha256(`14 ${yaml.length} blueprint.yaml\n${yaml}`);
  await mkdir(join(blueprints, copy));
  await writeFile(join(blueprints, copy, 'blueprint.yaml'), yaml);
  await writeFile(join(values, `${sha256(text)}.json`), text);

  for (const name of ['one', 'two']) await install(name);
  const { plan, blueprint } = await braid.deployment('one');
  expect([plan, blueprint.reference]).toEqual([`sha256:${sha256(text)}`, `sha256:${copy}`]);
  await rm(used, { recursive: true });
  await uninstall('one');
  await braid.run('check', { deployment: 'two' });
  await uninstall('two');
  expect(await there()).toEqual([]);
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
