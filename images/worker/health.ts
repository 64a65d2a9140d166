import { Connection } from '@temporalio/client';
import { isWorkerOfContainer } from '../../src/connection/worker-identity.ts';
import { readProfile } from '../../src/connection/profile.ts';
import { readSettings } from '../../src/connection/settings.ts';

/** Ends well if the worker of this container asks the server for work. */
const { connectionOptions, namespace } = readProfile(process.env);
const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '5 seconds' });
const { pollers } = await connection.workflowService.describeTaskQueue({
  namespace,
  taskQueue: { name: readSettings(process.env).taskQueue },
});
await connection.close();

const polling = (pollers ?? []).some(({ identity }) => isWorkerOfContainer(identity ?? ''));
if (!polling) console.error('The worker does not poll its task queue.');
process.exitCode = polling ? 0 : 1;
