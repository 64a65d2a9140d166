import { Context } from '@temporalio/activity';
import { failure } from '../contracts/failure.ts';

/** Temporal calls this for an activity that no plugin of this worker offers. */
export async function unknownOperation(): Promise<never> {
  const { activityType } = Context.current().info;
  throw failure('OperationUnknown', `No plugin of this worker offers the operation ${activityType}.`);
}
