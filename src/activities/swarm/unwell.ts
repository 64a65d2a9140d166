import { ApplicationFailure } from '@temporalio/common';
import type { Health, OperationResult } from '../../contracts/operation.ts';

/** A check tells what it cannot reach as ill health; mistakes in the blueprint stay errors. */
export async function unwellWhenUnreachable(look: () => Promise<Health>): Promise<OperationResult> {
  try {
    return { result: await look() };
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || !unwell.has(error.type ?? '')) throw error;
    const health: Health = { healthy: false, reason: error.message };
    return { result: health };
  }
}

const unwell: ReadonlySet<string> = new Set([
  'Unreachable',
  'AnswerUnusable',
  'HostKeyMismatch',
  'Unauthorized',
  'ResourceRejected',
  'NotReady',
]);
