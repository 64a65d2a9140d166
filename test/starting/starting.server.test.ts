import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBraid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { type Ran, startProgram } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';

/** Every way to start a workflow but the Web UI's form: each by the tool's own means, to the real worker. */

let station: Station;
let connection: Connection;

beforeAll(async () => {
  station = await startStation({ http: true });
  await station.startWorker();
  connection = await Connection.connect({ address: station.temporal.address });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await station?.stop();
});

const inputOf = (deployment: string) => ({
  deployment,
  blueprint: 'tiny/blueprint.yaml',
  inputs: { greeting: 'good day' },
});
const resultOf = (deployment: string) => ({
  deployment,
  outputs: { said: 'good day, world' },
  capabilities: {},
  instances: 2,
});

describe('the Temporal CLI', () => {
  it('runs install to its end by `temporal workflow execute`', async () => {
    const { status, stdout } = await temporal(
      'workflow execute --type install --task-queue braid --workflow-id cli-execute',
      JSON.stringify(inputOf('by-execute')),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'COMPLETED', result: resultOf('by-execute') });
  });

  it('starts install by `temporal workflow start`, and shows its result afterwards', async () => {
    const started = await temporal(
      'workflow start --type install --task-queue braid --workflow-id cli-start',
      JSON.stringify(inputOf('by-start')),
    );
    expect(JSON.parse(started.stdout)).toMatchObject({ workflowId: 'cli-start', type: 'install' });
    const { stdout } = await temporal('workflow result --workflow-id cli-start');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'COMPLETED', result: resultOf('by-start') });
  });

  it('tells at once what is wrong with an input', async () => {
    const { status, stdout } = await temporal(
      'workflow execute --type install --task-queue braid --workflow-id cli-wrong',
      '{"deployment": "a", "blueprnt": "x.yaml"}',
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'FAILED',
      closeEvent: {
        workflowExecutionFailedEventAttributes: {
          failure: {
            message: expect.stringMatching(/The input of install is not valid\. blueprint: .*blueprnt/),
            applicationFailureInfo: { type: 'InvalidInput', nonRetryable: true },
          },
        },
      },
    });
  });
});

describe('Temporal’s HTTP API by curl', () => {
  it('starts install, and waits for its result', async () => {
    const started = await curl('http-start', {
      workflowType: { name: 'install' },
      taskQueue: { name: 'braid' },
      input: [inputOf('by-http')],
    });
    expect(started).toMatchObject({ runId: expect.any(String), started: true });
    const history = await curl(
      'http-start/history?waitNewEvent=true&historyEventFilterType=HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT',
    );
    expect(history).toMatchObject({
      history: {
        events: [
          {
            eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
            workflowExecutionCompletedEventAttributes: { result: [resultOf('by-http')] },
          },
        ],
      },
    });
    expect(await curl('http-start')).toMatchObject({
      workflowExecutionInfo: { status: 'WORKFLOW_EXECUTION_STATUS_COMPLETED', type: { name: 'install' } },
    });
  });
});

describe('a TypeScript client', () => {
  it('needs nothing but @temporalio/client', async () => {
    const client = new Client({ connection });
    const result: unknown = await client.workflow.execute('install', {
      taskQueue: 'braid',
      workflowId: 'typescript',
      args: [inputOf('by-client')],
    });
    expect(result).toEqual(resultOf('by-client'));
  });

  it('may use Braid’s own, with types and errors', async () => {
    const braid = createBraid({ client: new Client({ connection, dataConverter }), taskQueue: 'braid' });
    expect(await braid.run('install', inputOf('by-braid'))).toEqual(resultOf('by-braid'));
    expect((await braid.deployment('by-braid')).phase).toBe('installed');
    const wrong = braid.run('install', { deployment: 'by-braid', blueprint: 'nowhere.yaml' });
    await expect(wrong).rejects.toMatchObject({ type: 'BlueprintNotFound' });
    expect((await braid.run('uninstall', { deployment: 'by-braid' })).removed).toBe(2);
  });
});

describe('a parent workflow', () => {
  it('starts install as a child by its name, and uses its result', async () => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: new URL('parent-workflow.ts', import.meta.url).pathname,
    });
    const native = await NativeConnection.connect({ address: station.temporal.address });
    const worker = await Worker.create({
      connection: native,
      taskQueue: 'parents',
      workflowBundle: { code },
    });
    const client = new Client({ connection });
    const result: unknown = await worker.runUntil(
      client.workflow.execute('greet', {
        taskQueue: 'parents',
        workflowId: 'parent',
        args: [inputOf('by-parent')],
      }),
    );
    await native.close();
    expect(result).toBe('The deployment said: good day, world');
  });

  it('is what installs the component of a deployment', async () => {
    const braid = createBraid({ client: new Client({ connection, dataConverter }), taskQueue: 'braid' });
    const input = { deployment: 'family', blueprint: 'family/blueprint.yaml' };
    expect((await braid.run('install', input)).outputs).toEqual({ heard: 'good day, world' });
    expect((await braid.deployment('child')).parent).toBe('family');
    await braid.run('uninstall', { deployment: 'family' });
    await expect(braid.deployment('child')).rejects.toMatchObject({ type: 'DeploymentNotFound' });
  });
});

/** The command line as it is typed, its input apart. */
function temporal(line: string, input?: string): Promise<Ran> {
  const given = input === undefined ? [] : ['--input', input];
  const fixed = ['--address', station.temporal.address, '--output', 'json'];
  return startProgram(station.program, [...line.split(' '), ...given, ...fixed], station.environment).ended;
}

async function curl(path: string, body?: unknown): Promise<unknown> {
  const url = `${station.temporal.http ?? ''}/api/v1/namespaces/default/workflows/${path}`;
  const post = ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  const args = ['-sS', '--max-time', '30', url, ...(body === undefined ? [] : post)];
  return JSON.parse((await startProgram('curl', args, {}).ended).stdout);
}
