import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { createDataConverter, payloadKeyOf } from '../connection/data-converter.ts';
import { readProfile, type TemporalProfile } from '../connection/profile.ts';
import { temporalFailure } from '../connection/temporal-errors.ts';
import { readSettings } from '../connection/settings.ts';
import { failure } from '../contracts/failure.ts';
import { meantCalls } from './meant-calls.ts';
import { tlsTrouble } from './reach-tls.ts';
import { whyUnreachable } from './reach.ts';

/**
 * A client of the Temporal server that the standard client profile tells. Fails as TemporalUnreachable,
 * Unauthorized, or ConfigurationInvalid when the profile or its namespace is none.
 */
export async function connect(
  profile: TemporalProfile = readProfile(process.env),
  dataConverter: DataConverter = createDataConverter(readSettings(process.env).payloadKeys),
): Promise<Client> {
  const { connectionOptions, address, namespace } = profile;
  const reason = await whyUnreachable(address, process.env);
  if (reason !== undefined) throw unreachable(address, reason);
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({
      ...connectionOptions,
      connectTimeout: '5 seconds',
      channelArgs,
    });
    await connection.workflowService.describeNamespace({ namespace });
    const hasKey = payloadKeyOf(dataConverter.payloadCodecs) !== undefined;
    return new Client({
      connection,
      namespace,
      dataConverter,
      ...(hasKey ? { interceptors: meantCalls } : {}),
    });
  } catch (error) {
    await connection?.close();
    const known = temporalFailure(error, address);
    if (known !== undefined && known.type !== 'NoWorker') throw known;
    const trouble = await tlsTrouble(address, connectionOptions.tls);
    if (trouble?.refused === true) {
      throw failure('Unauthorized', `The Temporal server at ${address} lets nobody in: ${trouble.reason}.`, {
        cause: error,
      });
    }
    throw unreachable(address, trouble?.reason ?? 'it does not speak gRPC, or is too slow', error);
  }
}

/** By default a server that came back is noticed only after up to two minutes. */
const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 };

function unreachable(address: string, reason: string, cause?: unknown): Error {
  return failure('TemporalUnreachable', `No Temporal server answers at ${address}: ${reason}.`, { cause });
}
