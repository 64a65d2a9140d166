import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { installPackages, systemPackages } from '../../lab/packages.ts';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { braid as command } from '../support/processes.ts';
import { historySizes, memoryOf, tableSizes } from './measures.ts';
import { type Belongings, belongingsOf } from './belongings.ts';
import { type Stack, startStack } from './stack.ts';

/**
 * Production as docs/production.md has it, all at once: the server proper on PostgreSQL by images that are built here,
 * TLS with certificates on both sides, encrypted payloads, two workers on one store. The chain is installed through it
 * while a worker and then the database are killed.
 */

let stack: Stack;
let before: Belongings;
let client: Client;
let braid: Braid;
let inputs: JsonObject;
let browser: Browser | undefined;

const deployment = 'chain';

beforeAll(async () => {
  await installPackages([systemPackages.browser], {
    yes: process.env['BRAID_YES'] === '1',
    note: console.log,
  });
  stack = await startStack({ overrides: ['build', 'machines', 'tls'] });
  before = await belongingsOf(stack);
  inputs = await chainInputs('10.149', deployment);
});
afterAll(async () => {
  await braid?.run('uninstall', { deployment, force: true }).catch(() => undefined);
  await client?.connection.close();
  await browser?.close();
  await stack?.close();
});

async function healthy(service: string): Promise<boolean> {
  const containers = await stack.containers(service);
  return containers.length > 0 && containers.every(({ State }) => State.Health?.Status === 'healthy');
}

/** Node instances that are started, of all deployments of the chain. */
async function started(): Promise<number> {
  const records = await braid.deployments().catch(() => []);
  return records
    .flatMap(({ instances }) => Object.values(instances))
    .filter(({ state }) => state === 'started').length;
}

const untilStarted = (count: number) =>
  vi.waitUntil(async () => (await started()) >= count, { timeout: 600_000, interval: 250 });

describe('a Temporal of its own', () => {
  test('is built', async () => {
    const { status, stderr } = await stack.compose('build');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('is brought up, with two workers, and every part is healthy', async () => {
    const { status, stderr } = await stack.compose('up', '--detach', '--no-build', '--scale', 'worker=2');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    for (const service of ['postgresql', 'temporal', 'ui', 'codec', 'worker']) {
      await vi.waitUntil(() => healthy(service), { timeout: 180_000, interval: 500 });
    }
    expect(await stack.containers('worker')).toHaveLength(2);
    client = await stack.client();
    braid = createBraid({ client, taskQueue: 'braid' });
  });

  test('has its namespace, with the retention that it was told', async () => {
    const { config } = await client.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(72 * 3600);
  });

  test('makes its schema and its namespace once more without harm, as an upgrade does', async () => {
    for (const service of ['schema', 'namespace']) {
      const { status, stderr } = await stack.compose('run', '--rm', service);
      expect({ service, status, stderr: status === 0 ? '' : stderr }).toEqual({
        service,
        status: 0,
        stderr: '',
      });
    }
  });
});

describe('the chain', () => {
  test('is installed although a worker and then the database are killed', async () => {
    const blueprint = 'hybrid-service-chain/chain.yaml';
    const execution = await braid.start('install', { deployment, blueprint, inputs });
    await untilStarted(4);
    const [worker] = await stack.containers('worker');
    if (worker === undefined) throw new Error('There is no worker.');
    await stack.crash(worker);
    await untilStarted(10);
    const [database] = await stack.containers('postgresql');
    if (database === undefined) throw new Error('There is no database.');
    await stack.crash(database);
    const { outputs } = await untilItEnds(execution);
    expect(outputs).toMatchObject({ load_balancer: { port: 8080 } });
    const restarts = async (service: string) =>
      (await stack.containers(service)).map(({ RestartCount }) => RestartCount).toSorted();
    expect(await restarts('worker')).toEqual([0, 1]);
    expect(await restarts('postgresql')).toEqual([1]);
  });

  test('is proven, by the command over TLS', async () => {
    const { status, stdout, stderr } = await command(['prove', deployment, '--json'], stack.environment);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      z.object({ proven: z.boolean(), problems: z.array(z.string()) }).parse(JSON.parse(stdout)),
    ).toEqual({
      proven: true,
      problems: [],
    });
  });

  test('has one of each machine, whichever worker made it', async () => {
    const names = (await belongingsOf(stack)).machines;
    expect(names).toHaveLength(5);
  });

  test('is shown in the Web UI, decoded by the codec server alone', async () => {
    browser = await openBrowser();
    const page = await browser.newPage();
    const shown = () => page.locator('body').innerText();
    await page.goto(`${stack.ui}/namespaces/default/workflows/${await proof()}`);
    await expect.poll(shown, { timeout: 60_000 }).toContain('"proven": true');
    await stack.compose('stop', 'codec');
    await page.reload();
    await expect.poll(shown, { timeout: 60_000 }).toContain('binary/encrypted');
    expect(await shown()).not.toContain('"proven": true');
  });

  test('takes about what docs/production.md says', async () => {
    const histories = await historySizes(client);
    const tables = await tableSizes(stack);
    const memory = await memoryOf(stack);
    console.log(JSON.stringify({ histories, tables, memory }, null, 1));
    expect(histories.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(8_000_000);
    for (const each of memory.filter(({ service }) => service === 'worker')) {
      expect(each.megabytes).toBeLessThan(600);
    }
  });

  test('is uninstalled, and nothing of it is left', async () => {
    await braid.run('uninstall', { deployment });
    const { machines, networks, secrets } = await belongingsOf(stack);
    expect({ machines, networks, secrets }).toEqual({ machines: [], networks: [], secrets: [] });
  });

  test('leaves no trace when all is taken down', async () => {
    const { status } = await stack.compose('down', '--volumes');
    expect(status).toBe(0);
    await stack.close();
    expect(await belongingsOf(stack)).toEqual(before);
  });
});

/** The client's own wait breaks off while the server cannot reach its database. */
async function untilItEnds(execution: string) {
  await vi.waitUntil(async () => !(await braid.isRunning(execution).catch(() => true)), {
    timeout: 1_200_000,
    interval: 1000,
  });
  return braid.result('install', execution);
}

async function proof(): Promise<string> {
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "prove"' }))
    return workflowId;
  throw new Error('There is no execution of prove.');
}
