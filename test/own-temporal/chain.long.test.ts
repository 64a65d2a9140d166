import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { installPackages, systemPackages } from '../../lab/packages.ts';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { commandsOf, pageAt, runPrinted } from '../docs/printed.ts';
import { braid as command, type Ran } from '../support/processes.ts';
import { type Belongings, belongingsOf } from './belongings.ts';
import { documentedMegabytes } from './documented.ts';
import { databaseSize, historiesOf, type Usage, watchUsage } from './measures.ts';
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
let usage: readonly Usage[];

const deployment = 'chain';

beforeAll(async () => {
  await installPackages([systemPackages.browser], {
    yes: process.env['BRAID_YES'] === '1',
    note: console.log,
  });
  stack = await startStack('build', 'machines', 'tls');
  before = await belongingsOf(stack);
  inputs = await chainInputs('10.149', deployment);
});
afterAll(async () => {
  await braid?.run('uninstall', { deployment, force: true }).catch(() => undefined);
  await client?.connection.close();
  await browser?.close();
  await stack?.close();
});

/** What went wrong. */
async function composed(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await stack.compose(...args);
  return status === 0 ? '' : `It ended with ${status}:\n${(stdout + stderr).slice(-4000)}`;
}

async function healthy(service: string): Promise<boolean> {
  const containers = await stack.containers(service);
  return containers.length > 0 && containers.every(({ State }) => State.Health?.Status === 'healthy');
}

/** How many node instances are started, of all deployments of the chain. */
async function started(): Promise<number> {
  const records = await braid.deployments().catch(() => []);
  return records
    .flatMap(({ instances }) => Object.values(instances))
    .filter(({ state }) => state === 'started').length;
}

/** Fails when the install ends before. */
async function untilStarted(count: number, installing: Promise<Ran>): Promise<void> {
  await Promise.race([
    vi.waitUntil(async () => (await started()) >= count, { timeout: 300_000, interval: 1000 }),
    installing.then(({ stderr }) => {
      throw new Error(`The install ended before ${count} node instances were started: ${stderr}`);
    }),
  ]);
}

async function restartsOf(service: string): Promise<readonly number[]> {
  const counts = (await stack.containers(service)).map(({ RestartCount }) => RestartCount);
  return counts.toSorted((one, other) => one - other);
}

describe('a Temporal of its own', () => {
  test('is built', async () => {
    expect(await composed('build')).toBe('');
  });

  test('is brought up, with two workers, and every part is healthy', async () => {
    expect(await composed('up', '--detach', '--no-build', '--scale', 'worker=2')).toBe('');
    for (const service of ['postgresql', 'temporal', 'ui', 'guard', 'codec', 'worker']) {
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
    expect(await composed('run', '--rm', 'schema')).toBe('');
    expect(await composed('run', '--rm', 'namespace')).toBe('');
  });
});

function siteCommand(): string {
  const found = commandsOf(pageAt('docs/production.md')).find((block) => block.includes('edge-1'));
  if (found === undefined) throw new Error('docs/production.md tells of no worker of a site.');
  return found;
}

const installAtSite = () =>
  command(['install', 'of-the-site', 'plain/blueprint.yaml'], {
    ...stack.environment,
    BRAID_TASK_QUEUE: 'edge-1',
  });

describe('a site', () => {
  test('has a task queue, and a worker and a store of its own', async () => {
    expect((await installAtSite()).stderr).toContain('No worker polls the task queue edge-1.');
    const { status, stderr } = await runPrinted(siteCommand(), {
      places: {
        '$PWD/certificates': stack.environment['TEMPORAL_CERTIFICATES'] ?? '',
        'braid-edge-1': `${stack.name}-edge-1`,
        'braid/worker': `braid/worker:${stack.name}`,
      },
      environment: stack.environment,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await expect.poll(installAtSite, { timeout: 120_000, interval: 1000 }).toMatchObject({ status: 0 });
    const atSite = createBraid({ client, taskQueue: 'edge-1' });
    expect((await atSite.deployment('of-the-site')).phase).toBe('installed');
    await atSite.run('uninstall', { deployment: 'of-the-site' });
    await stack.docker.getContainer(`${stack.name}-edge-1`).remove({ force: true });
    await stack.docker.getVolume(`${stack.name}-edge-1`).remove();
  });
});

describe('the chain', () => {
  test('is installed although a worker and then the database are killed', { timeout: 900_000 }, async () => {
    const size = await databaseSize(stack);
    const watched = watchUsage(stack);
    const blueprint = 'hybrid-service-chain/chain.yaml';
    const from = Date.now();
    const given = Object.entries(inputs).flatMap(([name, value]) => [
      '--input',
      `${name}=${JSON.stringify(value)}`,
    ]);
    const installing = command(['install', deployment, blueprint, ...given, '--json'], stack.environment);
    await untilStarted(4, installing);
    await stack.crash('worker');
    await untilStarted(10, installing);
    await stack.crash('postgresql');
    const { status, stdout, stderr } = await installing;
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ outputs: { load_balancer: { port: 8080 } } });
    usage = await watched();
    console.log(`The install took ${Math.round((Date.now() - from) / 1000)} s.`);
    console.table(usage);
    console.table({ database: { atFirst: size, now: await databaseSize(stack) } });
    console.table(await historiesOf(client));
    expect(await restartsOf('worker')).toEqual([0, 1]);
    expect(await restartsOf('postgresql')).toEqual([1]);
  });

  test('takes no more than docs/production.md says', async () => {
    const documented = documentedMegabytes();
    const measured = [
      ...usage.map(({ service, megabytesAtMost }) => [service, megabytesAtMost] as const),
      ['database', await databaseSize(stack)] as const,
    ];
    expect(measured.filter(([name, megabytes]) => megabytes > (documented.get(name) ?? 0))).toEqual([]);
  });

  test('is proven, by the command over TLS', async () => {
    const { status, stdout, stderr } = await command(['prove', deployment, '--json'], stack.environment);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      z.object({ proven: z.boolean(), problems: z.array(z.string()) }).parse(JSON.parse(stdout)),
    ).toEqual({ proven: true, problems: [] });
  });

  test('has one of each machine, whichever worker made it', async () => {
    expect((await belongingsOf(stack)).machines).toHaveLength(5);
  });

  test('is shown in the Web UI, decoded by the codec server alone', async () => {
    browser = await openBrowser();
    const page = await browser.newPage();
    const shown = () => page.locator('body').innerText();
    await page.goto(stack.environment['BRAID_CODEC_URL'] ?? '');
    await page.locator('input[name=token]').fill(stack.environment['BRAID_CODEC_TOKEN'] ?? '');
    await page.getByRole('button').click();
    await page.getByText('You are signed in.').waitFor();
    await page.goto(`${stack.ui}/namespaces/default/workflows/${await proof()}`);
    await expect.poll(shown, { timeout: 60_000 }).toContain('"proven": true');
    expect(await composed('stop', 'codec')).toBe('');
    await page.reload();
    await expect.poll(shown, { timeout: 60_000 }).toContain('Codec Server could not connect');
    expect(await shown()).not.toContain('"proven": true');
  });

  test('is uninstalled, and nothing of it is left', async () => {
    await braid.run('uninstall', { deployment });
    const { machines, networks, secrets } = await belongingsOf(stack);
    expect({ machines, networks, secrets }).toEqual({
      machines: [],
      networks: [`${stack.name}_codec`, `${stack.name}_default`],
      secrets: [],
    });
  });

  test('leaves no trace when all is taken down', async () => {
    expect(await composed('down', '--volumes', '--rmi', 'all')).toBe('');
    expect(await belongingsOf(stack)).toEqual(before);
  });
});

async function proof(): Promise<string> {
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "prove"' }))
    return workflowId;
  throw new Error('There is no execution of prove.');
}
