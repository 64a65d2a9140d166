import type { Client } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { explained } from '../contracts/explained.ts';

/** An operation whose attempts have failed so far, and which is tried again. */
export type Retry = {
  /** `fabric.fabric_plugin.tasks.run_commands` */
  readonly implementation: string;
  /** Attempts that have failed. */
  readonly failed: number;
  /** Why the last one has: `Unreachable: debian@10.0.0.2:22 does not answer.` */
  readonly reason: string;
};

/** What a running execution waits for because it fails: the server knows, the workflow is not told of attempts. */
export async function retriesOf(client: Client, execution: string): Promise<readonly Retry[]> {
  const { raw } = await client.workflow.getHandle(execution).describe();
  const { loadedDataConverter, namespace } = client.options;
  const retries = (raw.pendingActivities ?? []).map(async (pending) => {
    const { activityId, activityType, attempt, lastFailure } = pending;
    const error = await decodeOptionalFailureToOptionalError(loadedDataConverter, lastFailure, {
      type: 'activity',
      namespace,
      workflowId: execution,
      ...(activityId == null ? {} : { activityId }),
      isLocal: false,
    });
    if (error === undefined) return [];
    const { code, message } = explained(error);
    const implementation = activityType?.name ?? '';
    return [{ implementation, failed: Math.max(1, (attempt ?? 1) - 1), reason: `${code}: ${message}` }];
  });
  return (await Promise.all(retries)).flat();
}
