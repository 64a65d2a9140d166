import { hostname } from 'node:os';

const mark = ' payload-key:';

/** By which the server knows a worker, as Temporal has it; and with which key it encrypts. */
export function workerIdentity(payloadKey: string | undefined): string {
  return `${process.pid}@${hostname()}${payloadKey === undefined ? '' : mark + payloadKey}`;
}

/** The id of the key; undefined when the worker has none. */
export function payloadKeyOfWorker(identity: string): string | undefined {
  return identity.split(mark)[1];
}
