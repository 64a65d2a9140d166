import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { type Station, startStation } from '../support/station.ts';

/** The form «Start Workflow» of Temporal's own Web UI, as a person fills it in. */

let station: Station;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  station = await startStation();
  [browser] = await Promise.all([openBrowser(), station.startWorker()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await station?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.close());

describe('the Web UI’s form', () => {
  it('starts install, and the page shows its result', async () => {
    await submit('ui-install', '{"deployment": "by-form", "blueprint": "tiny/blueprint.yaml"}');
    await openExecution('ui-install', 'Completed');
    await expect.poll(shown, polling).toContain('"said": "hello, world"');
    await screenshot('completed');
  });

  it('says what is wrong when the input is a text', async () => {
    await submit('ui-text', '"chain"');
    await openExecution('ui-text', 'Failed');
    await expect
      .poll(shown, polling)
      .toContain('The input of install is not valid. Invalid input: expected object, received string');
    await expect.poll(shown, polling).toContain('InvalidInput');
    await screenshot('text');
  });

  it('says what is wrong when the input is empty', async () => {
    await submit('ui-empty', '');
    await openExecution('ui-empty', 'Failed');
    await expect
      .poll(shown, polling)
      .toContain('install takes exactly one JSON object as its input, and got none.');
    await screenshot('empty');
  });
});

const polling = { timeout: 20_000, interval: 200 };

async function submit(id: string, input: string): Promise<void> {
  await page.goto(`${station.temporal.ui}/namespaces/default/workflows/start-workflow`);
  await page.locator('#workflowId').fill(id);
  await page.locator('#taskQueue').fill('braid');
  await page.locator('#workflowType').fill('install');
  if (input !== '') {
    const editor = page.locator('[contenteditable=true]').first();
    await editor.click();
    await page.keyboard.insertText(input);
  }
  // The form looks for workers once the field is left, and its button moves when it has found them.
  await page.locator('#workflowType').focus();
  await sees('Task Queue is Active');
  await page.getByTestId('start-workflow-button').click();
  await sees('Workflow started successfully');
}

async function openExecution(id: string, status: string): Promise<void> {
  await page.goto(`${station.temporal.ui}/namespaces/default/workflows/${id}`);
  await expect.poll(withoutTrouble, polling).toContain(status);
}

/** A busy server may answer the page too late; a person then loads it again. */
async function withoutTrouble(): Promise<string> {
  const text = await shown();
  if (text.includes('technical difficulties')) await page.reload();
  return text;
}

async function sees(text: string): Promise<void> {
  await expect.poll(shown, polling).toContain(text);
}

function shown(): Promise<string> {
  return page.locator('body').innerText();
}

/** For a person who wants to see it: BRAID_SCREENSHOTS names a folder. */
async function screenshot(name: string): Promise<void> {
  const folder = process.env['BRAID_SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
