import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeployments } from '../../src/activities/deployments/deployments.ts';
import { createKept } from '../../src/activities/deployments/kept.ts';
import { systemActivities } from '../../src/activities/system.ts';
import { createBraid, type Braid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import type { EndRequest } from '../../src/contracts/entity.ts';
import { madeBy } from '../../src/contracts/secret-names.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type Station, startStation } from '../support/station.ts';

let station: Station;
let client: Client;
let braid: Braid;
let store: Store;

beforeAll(async () => {
  station = await startStation();
  await station.startWorker();
  const connection = await Connection.connect({ address: station.temporal.address });
  client = new Client({ connection, dataConverter });
  braid = createBraid({ client, taskQueue: 'braid' });
  store = await openStore(join(station.folder, 'state'), station.blueprints, {});
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await station?.stop();
});

/** As a worker does it that was away while another attempt did. */
function endAgain(execution: string, runId: string, end: EndRequest): Promise<void> {
  const deployments = createDeployments({ client, taskQueue: 'braid', searchAttributes: true });
  const activities = systemActivities({
    client,
    deployments,
    ...store,
    prepare: () => Promise.reject(new Error('not to be prepared')),
    kept: createKept({ client, deployments, usage: store.usage, home: 'here' }),
    searchAttributes: true,
    reachMachines: () => Promise.resolve(),
  });
  const environment = new MockActivityEnvironment({ workflowExecution: { workflowId: execution, runId } });
  return environment.run(() => activities.endExecution({ deployment: 'again', end }));
}

test('the end of an uninstall that is told twice leaves alone the deployment that was made in between', async () => {
  const install = { deployment: 'again', blueprint: 'tiny/blueprint.yaml', inputs: {} };
  await braid.run('install', install);
  const execution = await braid.start('uninstall', { deployment: 'again' });
  await braid.result('uninstall', execution);
  const { runId } = await client.workflow.getHandle(execution).describe();

  await braid.run('install', install);
  const secret = `${madeBy('again')}host/key`;
  await store.secrets.put(secret, 'hush');
  await endAgain(execution, runId, {
    fence: 2,
    status: 'completed',
    error: null,
    sent: 0,
    changes: [],
    offers: null,
    gone: true,
  });
  expect(await store.secrets.get(secret)).toBe('hush');
  expect(await braid.deployment('again')).toMatchObject({ phase: 'installed' });
  await braid.run('uninstall', { deployment: 'again' });
  expect(await store.secrets.list('')).toEqual([]);
});
