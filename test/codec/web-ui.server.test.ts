import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../lab/ports.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { braid, type Ran, type Running, start, startProgram } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';

/** What Temporal keeps encrypted, as a person reads it: in its Web UI, and by its own command. */

const key = randomBytes(32).toString('base64');
const token = randomBytes(32).toString('hex');
const words = 'a property that nobody reads';

let station: Station;
let browser: Browser;
let page: Page;
let codec: Running;
let endpoint: string;
let environment: Readonly<Record<string, string>>;
let installed: Ran;
const running: Running[] = [];

beforeAll(async () => {
  endpoint = `http://127.0.0.1:${await freePort()}`;
  station = await startStation({ codecEndpoint: endpoint });
  environment = { ...station.environment, BRAID_PAYLOAD_KEY: key, BRAID_CODEC_TOKEN: token };
  const worker = start('src/worker.ts', [], environment, station.folder);
  codec = start(
    'src/cli/main.mjs',
    ['codec', '--port', new URL(endpoint).port, '--origin', station.temporal.ui],
    environment,
  );
  [browser] = await Promise.all([openBrowser(), worker.said('worker ready'), codec.said('is ready at')]);
  running.push(worker, codec);
  page = await browser.newPage();
  await signIn();
  installed = await braid(['install', 'shut', 'tiny/blueprint.yaml', '-i', `greeting=${words}`], environment);
}, 180_000);
afterAll(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.map(({ ended }) => ended));
  await browser?.close();
  await station?.stop();
});

/** Once at the codec server, and once in the Web UI, behind its glasses: that it is to send along what that gave. */
async function signIn(): Promise<void> {
  await page.goto(endpoint);
  await page.locator('input[name=token]').fill(token);
  await page.getByRole('button').click();
  await page.getByText('You are signed in.').waitFor();
  await page.goto(station.temporal.ui);
  const wanted = { overrideRemoteCodecConfiguration: true, includeCredentials: true, endpoint };
  await page.evaluate((settings) => {
    for (const [name, value] of Object.entries(settings)) localStorage.setItem(name, JSON.stringify(value));
  }, wanted);
}

const polling = { timeout: 30_000, interval: 200 };
const shown = () => page.locator('body').innerText();

async function openInstall(): Promise<void> {
  await page.goto(`${station.temporal.ui}/namespaces/default/workflows?query=WorkflowType%3D"install"`);
  await page.locator('a', { hasText: 'install:shut' }).first().click();
  await expect.poll(shown, polling).toContain('Completed');
}

const temporal = async (...args: readonly string[]) => {
  const address = ['--address', station.temporal.address];
  const { status, stdout } = await startProgram(station.program, [...args, ...address], {}).ended;
  expect(status).toBe(0);
  return stdout;
};

const byCodec = () => ['--codec-endpoint', endpoint, '--codec-auth', `Bearer ${token}`];

const checkAs = (id: string): readonly string[] =>
  `workflow execute --type check --task-queue braid --workflow-id ${id} --output json --input {"deployment":"shut"}`.split(
    ' ',
  );

describe('with the codec server', () => {
  test('the Web UI shows what was encrypted', async () => {
    expect(installed).toMatchObject({ status: 0 });
    await openInstall();
    await expect.poll(shown, polling).toContain(words);
  });

  test('`temporal` shows it', async () => {
    const listed = await temporal(
      'workflow',
      'list',
      '--output',
      'json',
      '--query',
      'WorkflowType="install"',
    );
    const [, id = ''] = /"workflowId": "([^"]+)"/.exec(listed) ?? [];
    const result = ['workflow', 'result', '--workflow-id', id];
    expect(await temporal(...result)).not.toContain(words);
    expect(await temporal(...result, ...byCodec())).toContain(words);
  });

  test('`temporal` starts workflows, and without it does not', async () => {
    expect(JSON.parse(await temporal(...checkAs('typed-command'), ...byCodec()))).toMatchObject({
      status: 'COMPLETED',
      result: { healthy: true },
    });
    const address = ['--address', station.temporal.address];
    const plain = await startProgram(station.program, [...checkAs('plain-command'), ...address], {}).ended;
    expect(plain).toMatchObject({ status: 1, stdout: expect.stringContaining('PayloadRefused') });
  });

  test('what is typed into the Web UI’s form is encrypted before it is sent', async () => {
    await page.goto(`${station.temporal.ui}/namespaces/default/workflows/start-workflow`);
    await page.locator('#workflowId').fill('typed');
    await page.locator('#taskQueue').fill('braid');
    await page.locator('#workflowType').fill('check');
    await page.locator('[contenteditable=true]').first().click();
    await page.keyboard.insertText('{"deployment": "shut"}');
    await page.locator('#workflowType').focus();
    await expect.poll(shown, polling).toContain('Task Queue is Active');
    await page.getByTestId('start-workflow-button').click();
    await expect.poll(shown, polling).toContain('Workflow started successfully');
    const history = await temporal('workflow', 'show', '--workflow-id', 'typed', '--output', 'json');
    expect(history).toContain(Buffer.from('binary/encrypted').toString('base64'));
    expect(history).not.toContain('"shut"');
    expect(history).not.toContain(Buffer.from('{"deployment": "shut"}').toString('base64'));
    expect(await temporal('workflow', 'result', '--workflow-id', 'typed', ...byCodec())).toContain('healthy');
  });
});

test('without it the Web UI says so, and shows nothing', async () => {
  codec.child.kill('SIGTERM');
  await codec.ended;
  await openInstall();
  await expect.poll(shown, polling).toContain('Codec Server could not connect');
  expect(await shown()).not.toContain(words);
});
