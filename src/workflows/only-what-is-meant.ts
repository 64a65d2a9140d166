import { log, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { asResult, meantFor, received } from '../contracts/meant.ts';
import { reasonOf } from '../contracts/reason.ts';

/**
 * With a payload key: workflows act only on what was encrypted for what it is now taken for, and say so of all that
 * they send. A signal that was not is passed over: as an error it would end the workflow.
 */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: async (input, next) => {
        const { workflowType, startTime } = workflowInfo();
        return next({
          ...input,
          args: received(`workflow ${workflowType}`, input.args, startTime.getTime()),
        });
      },
      async handleSignal(input, next) {
        let args: unknown[];
        try {
          args = received(`signal ${input.signalName}`, input.args, Date.now());
        } catch (error) {
          log.warn('A signal is passed over', { reason: reasonOf(error) });
          return;
        }
        await next({ ...input, args });
      },
      validateUpdate: (input, next) => next({ ...input, args: ofUpdate(input) }),
      handleUpdate: async (input, next) => next({ ...input, args: ofUpdate(input) }),
      handleQuery: async (input, next) => {
        const { queryName, args } = input;
        // Without arguments there is nothing that could be somebody else's.
        return next(
          args.length === 0 ? input : { ...input, args: received(`query ${queryName}`, args, Date.now()) },
        );
      },
    },
  ],
  outbound: [
    {
      async scheduleActivity(input, next) {
        const purpose = `activity ${input.activityType}` as const;
        return asResult(purpose, await next({ ...input, args: meantFor(purpose, input.args) }));
      },
      async startChildWorkflowExecution(input, next) {
        const purpose = `workflow ${input.workflowType}` as const;
        const args = meantFor(purpose, input.options.args);
        const [started, ended] = await next({ ...input, options: { ...input.options, args } });
        return [started, ended.then((result) => asResult(purpose, result))];
      },
      signalWorkflow: (input, next) =>
        next({ ...input, args: meantFor(`signal ${input.signalName}`, input.args) }),
      continueAsNew: (input, next) => {
        const type = input.options.workflowType ?? workflowInfo().workflowType;
        return next({ ...input, args: meantFor(`workflow ${type}`, input.args) });
      },
    },
  ],
});

type Update = { readonly name: string; readonly args: readonly unknown[] };

function ofUpdate({ name, args }: Update): unknown[] {
  return received(`update ${name}`, args, Date.now());
}
