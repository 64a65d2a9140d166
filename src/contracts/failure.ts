// This file of the package alone: a command that needs no server starts sooner without the rest.
import { ApplicationFailure } from '@temporalio/common/lib/failure.js';
import { errorCodes, type ErrorCode } from './error-codes.ts';
import type { Json } from './json.ts';

export type FailureOptions = {
  /** Structured facts for programs: the path of a field, the holder's id. Never a secret. */
  readonly details?: Json;
  readonly cause?: unknown;
  /** Overrides the table, e.g. for an exit status that is final. */
  readonly retryable?: boolean;
};

/** The one way to fail: an error of the table, with what happened here. */
export function failure(code: ErrorCode, message: string, options: FailureOptions = {}): ApplicationFailure {
  const retryable = options.retryable ?? errorCodes[code].retryable;
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !retryable,
    ...(options.details === undefined ? {} : { details: [options.details] }),
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
}
