import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { dataConverter } from '../connection/data-converter.ts';
import { failure } from '../contracts/failure.ts';

/**
 * A client of the Temporal server that the standard client profile tells: TEMPORAL_ADDRESS,
 * TEMPORAL_NAMESPACE and the like, or the profile file. Fails as TemporalUnreachable.
 */
export async function connect(): Promise<Client> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  try {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '5 seconds' });
    return new Client({ connection, namespace, dataConverter });
  } catch (error) {
    const address = connectionOptions.address ?? 'localhost:7233';
    throw failure('TemporalUnreachable', `No Temporal server answers at ${address}.`, { cause: error });
  }
}
