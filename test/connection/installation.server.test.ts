import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installationOf } from '../../src/connection/installation.ts';
import { type Station, startStation } from '../support/station.ts';

let station: Station;
let connection: Connection;
beforeAll(async () => {
  station = await startStation();
  connection = await Connection.connect({ address: station.temporal.address });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await station?.stop();
});

test('a namespace is one installation, to whomever asks, and another one is another', async () => {
  const [here, again] = [
    await installationOf(connection, 'default'),
    await installationOf(connection, 'default'),
  ];
  expect(here).toMatch(/^[0-9a-f]{12}$/);
  expect(again).toBe(here);
  const workflowExecutionRetentionPeriod = msToTs('1 day');
  await connection.workflowService.registerNamespace({
    namespace: 'elsewhere',
    workflowExecutionRetentionPeriod,
  });
  await expect
    .poll(() => installationOf(connection, 'elsewhere').catch(() => here), { timeout: 20_000 })
    .not.toBe(here);
});

test('a namespace that is not there has no name', async () => {
  await expect(installationOf(connection, 'nowhere')).rejects.toMatchObject({
    type: 'ConfigurationInvalid',
    message: expect.stringContaining('BRAID_INSTALLATION'),
  });
});
