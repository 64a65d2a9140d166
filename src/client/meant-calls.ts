import type { Client, ClientInterceptors } from '@temporalio/client';
import { meantFor } from '../contracts/meant.ts';
import { payloadKeyOf } from '../connection/data-converter.ts';

/** For a client with a payload key: each call says what its arguments are for. */
export const meantCalls: ClientInterceptors = {
  workflow: [
    {
      startWithDetails: (input, next) => next({ ...input, options: startOptions(input) }),
      signal: (input, next) => next({ ...input, args: meantFor(`signal ${input.signalName}`, input.args) }),
      signalWithStart: (input, next) =>
        next({
          ...input,
          options: startOptions(input),
          signalArgs: meantFor(`signal ${input.signalName}`, input.signalArgs),
        }),
      query: (input, next) => next({ ...input, args: meantFor(`query ${input.queryType}`, input.args) }),
      startUpdate: (input, next) =>
        next({ ...input, args: meantFor(`update ${input.updateName}`, input.args) }),
      startUpdateWithStart: (input, next) =>
        next({
          ...input,
          workflowStartOptions: startOptions({ ...input, options: input.workflowStartOptions }),
          updateArgs: meantFor(`update ${input.updateName}`, input.updateArgs),
        }),
    },
  ],
};

/** The arguments of a workflow that a schedule starts, for which the client has no hook. */
export function scheduledArguments(client: Client, workflowType: string, args: unknown[]): unknown[] {
  const { payloadCodecs } = client.options.loadedDataConverter;
  return payloadKeyOf(payloadCodecs) === undefined ? args : meantFor(`workflow ${workflowType}`, args);
}

function startOptions<Options extends { args: unknown[] }>(input: {
  readonly workflowType: string;
  readonly options: Options;
}): Options {
  return { ...input.options, args: meantFor(`workflow ${input.workflowType}`, input.options.args) };
}
