import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError, isRetryableError } from '@temporalio/client';

const askMilliseconds = 1_000;

/**
 * Does what only reads again when the server went away meanwhile and came back. Fails as the call did when the
 * server stays away longer than `patience` ms.
 */
export async function throughOutages<T>(
  client: Client,
  patience: number,
  read: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isOutage(error)) throw error;
      await serverIsBack(client, Date.now() + patience, error);
    }
  }
}

/** Whether a call failed for want of a server that answers. */
function isOutage(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return isRetryableError(at);
  }
  return false;
}

async function serverIsBack(client: Client, until: number, lost: unknown): Promise<void> {
  const { namespace } = client.options;
  while (Date.now() < until) {
    await delay(askMilliseconds);
    try {
      await client.workflowService.describeNamespace({ namespace });
      return;
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
  }
  throw lost;
}
