import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const mark = ' payload-key:';

/** By which the server knows a worker, as Temporal has it; and with which key it encrypts. */
export function workerIdentity(payloadKey: string | undefined): string {
  return `${processName(process.pid)}${payloadKey === undefined ? '' : mark + payloadKey}`;
}

/** The id of the key; undefined when the worker has none. */
export function payloadKeyOfWorker(identity: string): string | undefined {
  return identity.split(mark)[1];
}

/** Whether a poller is process 1 of this container. */
export function isWorkerOfContainer(identity: string): boolean {
  return identity.split(mark)[0] === processName(1);
}

/**
 * `4711@host`. In a container every worker is process 1, and those on the host's network have the host's name too:
 * there the namespace of processes tells them apart, `1@host/4026532512`.
 */
function processName(pid: number): string {
  const name = `${pid}@${hostname()}`;
  return pid === 1 ? `${name}/${processNamespace()}` : name;
}

function processNamespace(): string {
  return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
}
