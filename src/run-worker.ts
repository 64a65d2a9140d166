import { access, constants, mkdir } from 'node:fs/promises';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { onlyWhatIsMeant } from './activities/only-what-is-meant.ts';
import { connect } from './client/connect.ts';
import { createDataConverter, createWorkerDataConverter, payloadKeyOf } from './connection/data-converter.ts';
import { readProfile } from './connection/profile.ts';
import { ensureSearchAttributes } from './connection/search-attributes.ts';
import { readSettings, type Settings } from './connection/settings.ts';
import { workerIdentity } from './connection/worker-identity.ts';
import { failure } from './contracts/failure.ts';
import { reasonOf } from './contracts/reason.ts';
import { createWorkerLog } from './worker-log.ts';
import { bundledWorkflows } from './workflow-code.ts';

/**
 * Works until SIGINT or SIGTERM, then lets what runs end. Configured by the environment and Temporal's client
 * profile. Fails as ConfigurationInvalid or TemporalUnreachable before it has done anything.
 */
export async function runWorker(environment: NodeJS.ProcessEnv): Promise<void> {
  const settings = readSettings(environment);
  const profile = readProfile(environment);
  await checkFolders(settings);
  const { payloadKeys, plainStarts } = settings;
  const dataConverter = createWorkerDataConverter(payloadKeys, { plainStarts });
  const client = await connect(profile, createDataConverter(payloadKeys));

  const logger = createWorkerLog((text) => process.stderr.write(text));
  Runtime.install({ logger });
  const { namespace } = profile;
  const searchAttributes = await ensureSearchAttributes(client.connection, namespace);
  if (!searchAttributes.known) {
    logger.warn('Running without search attributes', { reason: searchAttributes.reason });
  }
  const { activities, sweep, remarks, close } = await createActivities({
    client,
    settings,
    searchAttributes: searchAttributes.known,
  });
  const [workflowBundle, connection] = await Promise.all([
    bundledWorkflows(environment),
    NativeConnection.connect(profile.connectionOptions),
  ]);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: settings.taskQueue,
    identity: workerIdentity(payloadKeyOf(dataConverter.payloadCodecs)),
    dataConverter,
    activities,
    workflowBundle,
    ...(payloadKeys.key === undefined ? {} : { interceptors: { activity: [onlyWhatIsMeant] } }),
    maxConcurrentActivityTaskExecutions: 200,
    // With an answer to a heartbeat an activity learns that it is to end.
    maxHeartbeatThrottleInterval: '3 seconds',
    shutdownGraceTime: '10 seconds',
  });

  for (const remark of remarks) logger.warn(remark);
  logger.info('worker ready', { taskQueue: settings.taskQueue, namespace });
  const running = worker.run();
  const swept = sweep().catch((error: unknown) => {
    logger.warn('Plans that nobody needs are not removed yet', { reason: reasonOf(error) });
  });
  await running;
  await swept;
  await close();
  await connection.close();
  await client.connection.close();
}

async function checkFolders({ state, blueprints }: Settings): Promise<void> {
  await usable('BRAID_STATE', state, constants.R_OK | constants.W_OK, () =>
    mkdir(state, { recursive: true, mode: 0o700 }),
  );
  await usable('BRAID_BLUEPRINTS', blueprints, constants.R_OK);
}

async function usable(
  variable: string,
  folder: string,
  mode: number,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  try {
    await prepare();
    await access(folder, mode | constants.X_OK);
  } catch (error) {
    const reason = reasonOf(error);
    throw failure('ConfigurationInvalid', `${variable}: the folder ${folder} cannot be used: ${reason}`, {
      cause: error,
    });
  }
}
