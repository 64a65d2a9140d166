import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';

export type Step = {
  readonly taskQueue: string;
  readonly type: string;
  readonly activityId: string;
  readonly args: readonly unknown[];
};

type Steps = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

/** Has a step of somebody else’s worker done; the code of its failure, or `done`. */
export async function act({ taskQueue, type, activityId, args }: Step): Promise<string> {
  const steps = proxyActivities<Steps>({
    taskQueue,
    activityId,
    scheduleToCloseTimeout: '20 seconds',
    retry: { maximumAttempts: 3 },
  });
  try {
    await steps[type]?.(...args);
    return 'done';
  } catch (error) {
    const { cause } = error instanceof ActivityFailure ? error : { cause: undefined };
    return cause instanceof ApplicationFailure
      ? `${cause.type}, ${cause.nonRetryable === true ? 'for good' : 'tried again'}`
      : String(error);
  }
}

/** Ends at once, with what it was told. */
export async function answer(value: unknown): Promise<unknown> {
  return value;
}
