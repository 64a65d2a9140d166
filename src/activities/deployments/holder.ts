import { setTimeout as delay } from 'node:timers/promises';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { leaseMilliseconds } from '../lease.ts';
import { untilAborted } from '../ssh/abort.ts';

/** The execution that a deployment says is working on it. */
type SeenHolder = { readonly execution: string; readonly runId: string };

type HolderState = {
  /** It holds nothing any more, as when it was terminated. */
  readonly isClosed: boolean;
  /** Null: it is not closed, or the server has forgotten it. */
  readonly closedAt: Date | null;
  /** It was asked to stop, as the executions of a terminated parent are, and is on its way to its end. */
  readonly isStopping: boolean;
};

const seenHolderSchema = z.object({ holder: z.object({ execution: z.string(), runId: z.string() }) });

/** The holder for whose sake the deployment refused another execution. */
export function holderIn(error: unknown): SeenHolder | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== 'DeploymentBusy') return undefined;
  const [details] = error.details ?? [];
  return seenHolderSchema.safeParse(details).data?.holder;
}

export async function lookAt(client: Client, { execution, runId }: SeenHolder): Promise<HolderState> {
  try {
    const { status, closeTime, raw } = await client.workflow.getHandle(execution, runId).describe();
    const isClosed = status.name !== 'RUNNING' && status.name !== 'CONTINUED_AS_NEW';
    const isStopping = !isClosed && raw.workflowExtendedInfo?.cancelRequested === true;
    return { isClosed, closedAt: isClosed ? (closeTime ?? null) : null, isStopping };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return { isClosed: true, closedAt: null, isStopping: false };
  }
}

/** The answer to a heartbeat, and what was on its way when that came. */
const marginMilliseconds = 1_000;

/**
 * Waits for the end of a holder that is stopping, and, of one that is closed, until nothing acts for it any more: its
 * operations' leases have run out, and what it told last has arrived.
 */
export async function letGo(client: Client, holder: SeenHolder, signal: AbortSignal): Promise<HolderState> {
  const seen = await lookAt(client, holder);
  if (seen.isStopping) {
    await untilAborted(closing(client, holder), signal);
    return lookAt(client, holder);
  }
  if (seen.closedAt !== null) {
    const patience = leaseMilliseconds + marginMilliseconds;
    const wait = seen.closedAt.getTime() + patience - Date.now();
    await delay(Math.min(Math.max(wait, 0), patience), undefined, { signal });
  }
  return seen;
}

async function closing(client: Client, { execution, runId }: SeenHolder): Promise<void> {
  try {
    await client.workflow.getHandle(execution, runId).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError)) throw error;
  }
}
