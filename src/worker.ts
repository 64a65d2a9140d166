import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { dataConverter } from './connection/data-converter.ts';
import { ensureSearchAttributes } from './connection/search-attributes.ts';
import { readSettings } from './connection/settings.ts';
import { workflowBundleOptions } from './connection/workflow-bundle.ts';

const settings = readSettings(process.env);
const logger = new DefaultLogger('INFO');
Runtime.install({ logger });

const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
const clientConnection = await Connection.connect(connectionOptions);
const client = new Client({ connection: clientConnection, namespace, dataConverter });
const searchAttributes = await ensureSearchAttributes(clientConnection, namespace);
if (!searchAttributes.known) {
  logger.warn('Running without search attributes', { reason: searchAttributes.reason });
}

const connection = await NativeConnection.connect(connectionOptions);
const { activities, close } = await createActivities({
  client,
  settings,
  searchAttributes: searchAttributes.known,
});
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: settings.taskQueue,
  dataConverter,
  activities,
  workflowsPath: workflowBundleOptions.workflowsPath,
  bundlerOptions: { preloadModules: workflowBundleOptions.preloadModules },
  maxConcurrentActivityTaskExecutions: 200,
  shutdownGraceTime: '10 seconds',
});

logger.info('worker ready', { taskQueue: settings.taskQueue, namespace });
await worker.run();
await close();
await connection.close();
await clientConnection.close();
