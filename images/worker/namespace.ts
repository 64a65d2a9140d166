import { setTimeout as wait } from 'node:timers/promises';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common';
import { readProfile } from '../../src/connection/profile.ts';

// Makes the namespace of the profile, or has the one that is there keep what has ended for TEMPORAL_RETENTION.

/** Numbers of gRPC's status codes. */
const [notFound, alreadyExists] = [5, 6];

const { connectionOptions, namespace } = readProfile(process.env);
const retention = msToTs(process.env['TEMPORAL_RETENTION'] ?? '72h');

const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '5 seconds' });
const { workflowService } = connection;
try {
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
} catch (error) {
  if (!hasCode(error, alreadyExists)) throw error;
  await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
}
// Some parts of the server learn of it only after ten seconds, and refuse workers until then.
while (!(await isKnown())) await wait(500);
await connection.close();

async function isKnown(): Promise<boolean> {
  try {
    await workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'braid' } });
    return true;
  } catch (error) {
    if (hasCode(error, notFound)) return false;
    throw error;
  }
}

function hasCode(error: unknown, wanted: number): boolean {
  const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
  return code === wanted;
}
