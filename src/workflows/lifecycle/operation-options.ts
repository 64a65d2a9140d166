import type { ActivityOptions } from '@temporalio/workflow';
import { errorCodes } from '../../contracts/error-codes.ts';
import type { PlanOperation } from '../../contracts/plan.ts';

/** An honest attempt of the longest operation, installing packages on a slow machine, fits in. */
const attemptSeconds = 1800;
/** How long an operation is tried in all when its blueprint does not bound its retries. */
const patienceSeconds = 900;
/** A worker that died is noticed after this long. */
const heartbeatSeconds = 20;

/**
 * How an operation is run and retried: bounded by time, or as its blueprint says. One that is tried once, as
 * a check is, takes the first answer, good or bad; but a worker that dies over it has not answered.
 */
export function operationOptions(
  { maxRetries, retryInterval, timeout }: PlanOperation,
  summary: string,
  once: boolean,
): ActivityOptions {
  const retry =
    retryInterval === null
      ? { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' }
      : { initialInterval: retryInterval * 1000, backoffCoefficient: 1 };
  const attempts = maxRetries === null || maxRetries < 0 ? {} : { maximumAttempts: maxRetries + 1 };
  const seconds = timeout ?? attemptSeconds;
  return {
    summary,
    startToCloseTimeout: seconds * 1000,
    heartbeatTimeout: heartbeatSeconds * 1000,
    ...(maxRetries === null ? { scheduleToCloseTimeout: Math.max(seconds, patienceSeconds) * 1000 } : {}),
    retry: {
      ...retry,
      ...attempts,
      ...(once ? { nonRetryableErrorTypes: Object.keys(errorCodes) } : {}),
    },
  };
}
