import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import { scheduledEnding } from '../connection/binding.ts';
import { scheduledArguments } from './meant-calls.ts';
import type { WorkflowInputs } from './workflow-types.ts';

/** The id of the schedule by which the server heals a deployment. */
function healScheduleId(deployment: string): string {
  return `heal:${deployment}`;
}

/** From now on the server heals the deployment every so many seconds, one heal at a time. */
export async function scheduleHeal(
  { client, taskQueue }: { readonly client: Client; readonly taskQueue: string },
  input: WorkflowInputs['heal'],
  seconds: number,
): Promise<void> {
  const { deployment } = input;
  const scheduleId = healScheduleId(deployment);
  const options = {
    spec: { intervals: [{ every: seconds * 1000 }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'heal',
      workflowId: `heal:${deployment}${scheduledEnding}`,
      taskQueue,
      args: scheduledArguments(client, 'heal', [input]),
      staticSummary: `heal of ${deployment}, every ${seconds} s`,
    },
    policies: { overlap: 'SKIP' as const, catchupWindow: '1 minute' as const },
  };
  try {
    await client.schedule.create({ scheduleId, ...options });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((present) => ({ ...present, ...options }));
  }
}

/** False: the server did not heal it. */
export async function unscheduleHeal(client: Client, deployment: string): Promise<boolean> {
  try {
    await client.schedule.getHandle(healScheduleId(deployment)).delete();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}
