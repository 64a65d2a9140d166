import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../lab/settings.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { type Station, startStation } from '../support/station.ts';

/** Pages of elsewhere in an operator’s browser, against a lab’s Temporal with its HTTP API. */

let station: Station;
let browser: Browser;
let page: Page;
let elsewhere: Server;
let connection: Connection;
let client: Client;
/** Where the HTTP API, the Web UI and what is behind their guards are. */
let doors: Readonly<Record<'http' | 'ui' | 'hiddenHttp' | 'hiddenUi', string>>;

beforeAll(async () => {
  station = await startStation({ http: true });
  elsewhere = createServer((_, response) => response.end('<!doctype html><p>elsewhere')).listen(
    0,
    '127.0.0.1',
  );
  await once(elsewhere, 'listening');
  const { temporal, folder } = station;
  const { uiAddress, uiPort, httpPort } = (await readSettings(join(folder, 'temporal')))?.hidden ?? {};
  doors = {
    http: temporal.http ?? '',
    ui: temporal.ui,
    hiddenHttp: `http://127.0.0.1:${httpPort}`,
    hiddenUi: `http://${uiAddress}:${uiPort}`,
  };
  // As a name server would that is in league with the page, once the page is loaded.
  browser = await openBrowser(['--host-resolver-rules=MAP elsewhere.example 127.0.0.1']);
  page = await browser.newPage();
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  elsewhere?.close();
  await connection?.close();
  await station?.stop();
});

const api = '/api/v1/namespaces/default/workflows';

/** Has the page that is shown start a workflow, as far as the browser and the server let it. */
function startFrom(door: string, id: string, type: string): Promise<string> {
  const body = JSON.stringify({
    workflowType: { name: 'install' },
    taskQueue: { name: 'nobody' },
    input: [{}],
  });
  return page.evaluate(
    async ([url, text, contentType]) => {
      const headers = { 'content-type': contentType };
      const simple = contentType === 'text/plain';
      try {
        const mode = simple ? 'no-cors' : 'cors';
        return String((await fetch(url, { method: 'POST', body: text, headers, mode })).status);
      } catch (error) {
        return String(error);
      }
    },
    [`${door}${api}/${id}`, body, type] as const,
  );
}

async function wasStarted(workflowId: string): Promise<boolean> {
  return client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    );
}

describe('a page of elsewhere', () => {
  test.each(['http', 'ui', 'hiddenHttp', 'hiddenUi'] as const)('starts nothing by %s', async (door) => {
    const address = elsewhere.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const host of ['127.0.0.1', 'elsewhere.example']) {
      await page.goto(`http://${host}:${port}`);
      for (const type of ['text/plain', 'application/json']) {
        const id = `${door}-${host}-${type.replace('/', '-')}`;
        await startFrom(doors[door], id, type);
        expect(await wasStarted(id)).toBe(false);
      }
    }
  });

  test.each(['http', 'ui', 'hiddenHttp'] as const)(
    'is not served by %s under a name that was bound to its address',
    async (door) => {
      const url = new URL(doors[door]);
      const rebound = `http://elsewhere.example:${url.port}`;
      const shown = await page.goto(`${rebound}${api}`);
      expect(shown?.status()).toBe(403);
      await startFrom(rebound, `rebound-${door}`, 'application/json');
      expect(await wasStarted(`rebound-${door}`)).toBe(false);
    },
  );
});

test('a page of the server’s own starts one in the same way', async () => {
  await page.goto(`${doors.http}${api}`);
  expect(await startFrom(doors.http, 'own', 'application/json')).toBe('200');
  expect(await wasStarted('own')).toBe(true);
  await startFrom(doors.http, 'own-text', 'text/plain');
  expect(await wasStarted('own-text')).toBe(false);
});

test('the HTTP API is not there when it is not asked for', async () => {
  const other = await startStation();
  try {
    expect(other.temporal.http).toBeNull();
    const { ports, hidden } = (await readSettings(join(other.folder, 'temporal'))) ?? {};
    await expect(fetch(`http://127.0.0.1:${ports?.http}/`)).rejects.toThrow('fetch failed');
    const behind = await fetch(`http://127.0.0.1:${hidden?.httpPort}${api}`);
    expect([behind.status, await behind.text()]).toEqual([403, expect.stringContaining('Host not allowed')]);
  } finally {
    await other.stop();
  }
});
