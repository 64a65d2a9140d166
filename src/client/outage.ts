import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError, isRetryableError } from '@temporalio/client';

/** How long a server that went away is waited for. */
const patienceMilliseconds = 600_000;
const askMilliseconds = 1_000;

/**
 * Does what only reads, and does it again when the server went away meanwhile and came back. Fails as the call did
 * when the server stays away for ten minutes.
 */
export async function throughOutages<T>(client: Client, read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isOutage(error)) throw error;
      await serverIsBack(client, error);
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

async function serverIsBack(client: Client, lost: unknown): Promise<void> {
  const { namespace } = client.options;
  const until = Date.now() + patienceMilliseconds;
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
