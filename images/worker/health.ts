import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Ends well if the worker of this container asks the server for work: a poller's identity ends with its host. */
const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '5 seconds' });
const { pollers } = await connection.workflowService.describeTaskQueue({
  namespace,
  taskQueue: { name: process.env['BRAID_TASK_QUEUE'] ?? 'braid' },
});
await connection.close();

const polling = (pollers ?? []).some(({ identity }) => identity?.endsWith(`@${hostname()}`));
if (!polling) console.error('The worker does not poll its task queue.');
process.exitCode = polling ? 0 : 1;
