import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { received } from '../contracts/meant.ts';

/** With a payload key: no step runs but with arguments that a workflow of Braid's encrypted for this very step. */
export function onlyWhatIsMeant({ info }: Context): ActivityInterceptors {
  return {
    inbound: {
      execute: async (input, next) =>
        next({ ...input, args: received(`activity ${info.activityType}`, input.args, Date.now()) }),
    },
  };
}
