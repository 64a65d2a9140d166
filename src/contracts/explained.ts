import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { isErrorCode } from './error-codes.ts';

/** Code and message of the innermost error that Braid's own code raised. */
export function explained(error: unknown): { readonly code: string; readonly message: string } {
  let timedOut: string | undefined;
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ApplicationFailure && isErrorCode(at.type))
      return { code: at.type, message: at.message };
    if (at instanceof TimeoutFailure) timedOut = at.message;
    if (
      !(at instanceof ActivityFailure || at instanceof ChildWorkflowFailure || at instanceof TimeoutFailure)
    ) {
      return { code: 'Internal', message: at.message };
    }
  }
  return { code: 'NotReady', message: timedOut ?? String(error) };
}
