import { Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { start } from '../support/processes.ts';

const { address } = inject('temporal');
const namespace = 'of-production';

async function retentionAfter(retention: string): Promise<number> {
  const environment = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_RETENTION: retention,
  };
  const { status, stderr } = await start('images/worker/namespace.ts', [], environment).ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const connection = await Connection.connect({ address });
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  await connection.close();
  return Number(config?.workflowExecutionRetentionTtl?.seconds) / 3600;
}

test('a namespace is made, and has what it keeps changed', async () => {
  expect(await retentionAfter('72h')).toBe(72);
  expect(await retentionAfter('720h')).toBe(720);
});
