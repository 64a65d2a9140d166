import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { ActivityCompletionError, ActivityNotFoundError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';

/**
 * A worker that was stopped or cut off for a while does not notice that the server gave its steps to another
 * worker, or that an execution is over. So an attempt of a step acts on the world only while the server has
 * confirmed lately that it is the one that counts.
 */
type Lease = { confirm(): Promise<void> };

/** How long a confirmation holds: that long after the end of an execution nothing acts for it any more. */
export const leaseMilliseconds = 5_000;

const leases = new AsyncLocalStorage<Lease>();

/** Does the work of an activity; `beforeEffect` in it asks the server when it must. */
export function underLease<T>(activity: Context, details: () => unknown, work: () => Promise<T>): Promise<T> {
  // Without heartbeats there is no other attempt before this one has timed out.
  if (activity.info.heartbeatTimeoutMs === undefined) return work();
  const ask = (): Promise<void> => activity.client.activity.heartbeat(activity.info.taskToken, details());
  return leases.run(
    createLease(ask, activity.info.currentAttemptScheduledTimestampMs, activity.cancellationSignal),
    work,
  );
}

/**
 * To be called before anything is changed outside of the worker. Fails as cancelled when another attempt has the
 * step, or nobody; waits while the server does not answer.
 */
export async function beforeEffect(): Promise<void> {
  await leases.getStore()?.confirm();
}

/** `given`: when the server gave the step to this attempt, in ms of the epoch. */
export function createLease(ask: () => Promise<void>, given: number, signal: AbortSignal): Lease {
  let confirmed: Moment = { wall: given, steady: performance.now() };
  return {
    async confirm() {
      while (!holds(confirmed)) {
        const asked = now();
        if (await isConfirmed(ask)) confirmed = asked;
        else await delay(500, undefined, { signal });
      }
    },
  };
}

const over = 'The step is over, or another attempt has it.';

/** False: the server did not tell. What is only to be cancelled is still ours. */
async function isConfirmed(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof ActivityNotFoundError) throw new CancelledFailure(over, [], error);
    return !(error instanceof ActivityCompletionError);
  }
}

/** Each clock may stand still or be set where the other goes on. */
type Moment = { readonly wall: number; readonly steady: number };

function now(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

function holds({ wall, steady }: Moment): boolean {
  return Math.max(Date.now() - wall, performance.now() - steady) < leaseMilliseconds;
}
