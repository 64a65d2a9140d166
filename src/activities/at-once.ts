import { ApplicationFailure } from '@temporalio/common';
import { type ErrorCode, isErrorCode } from '../contracts/error-codes.ts';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';

/**
 * Errors of these codes are final here: nothing has begun yet, and whoever asked is better told than kept
 * waiting. What has no code is Internal.
 */
export async function atOnce<T>(codes: readonly ErrorCode[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = meaning(error);
    if (!codes.includes(code)) throw error;
    throw failure(code, message, { retryable: false });
  }
}

function meaning(error: unknown): { readonly code: ErrorCode; readonly message: string } {
  const type = error instanceof ApplicationFailure ? error.type : undefined;
  const message = reasonOf(error);
  return { code: isErrorCode(type) ? type : 'Internal', message };
}
