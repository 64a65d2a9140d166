import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';

/** Why an activity is to end: the reasons that the Temporal worker gives, and one of ours. */
const closed = 'WORKFLOW_CLOSED';

/** Reasons that say that the same step will be tried again, or already is. */
const otherAttempts: readonly string[] = ['WORKER_SHUTDOWN', 'NOT_FOUND', 'PAUSED', 'RESET'];

/** Whether what the step has begun may be left to another attempt of it. */
export function goesOnElsewhere(reason: unknown): boolean {
  return reason instanceof Error && otherAttempts.includes(reason.message);
}

/**
 * The activity's own signal, but for a step that the server does not know any more: when its execution is closed,
 * as after a terminate, nobody will go on with it, and the reason says so.
 */
export function endingSignal(activity: Context): AbortSignal {
  const { cancellationSignal: signal } = activity;
  const controller = new AbortController();
  const end = async (): Promise<void> => {
    const isForNobody = isNotFound(signal.reason) && (await isClosed(activity));
    controller.abort(isForNobody ? new CancelledFailure(closed) : signal.reason);
  };
  if (signal.aborted) void end();
  else signal.addEventListener('abort', () => void end(), { once: true });
  return controller.signal;
}

function isNotFound(reason: unknown): boolean {
  return reason instanceof Error && reason.message === 'NOT_FOUND';
}

/** False also when the server does not tell. */
async function isClosed({ info, client }: Context): Promise<boolean> {
  const { workflowExecution: execution } = info;
  if (execution === undefined) return false;
  try {
    const handle = client.workflow.getHandle(execution.workflowId, execution.runId);
    return (await handle.describe()).status.name !== 'RUNNING';
  } catch (error) {
    return error instanceof WorkflowNotFoundError;
  }
}
