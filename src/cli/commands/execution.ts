import type { Command } from 'commander';
import type { WorkflowInputs, WorkflowKind, WorkflowResults } from '../../client/workflow-types.ts';
import { outputOf } from '../globals.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { withBraid } from '../session.ts';
import { follow } from '../view/follow.ts';

/** Runs one workflow, shows how it goes, and says how it ended. */
export async function runExecution<Kind extends WorkflowKind>(
  command: Command,
  kind: Kind,
  input: WorkflowInputs[Kind],
  tell: (result: WorkflowResults[Kind], output: Output) => void,
): Promise<WorkflowResults[Kind]> {
  const output = outputOf(command);
  return withBraid(async (braid) => {
    const execution = await braid.start(kind, input);
    output.note(`${kind} of ${input.deployment} is the workflow ${execution}`);
    const result = await untilInterrupted(input.deployment, execution, output, () =>
      follow(braid, kind, execution, output),
    );
    output.value(result);
    tell(result, output);
    return result;
  });
}

/** Ctrl-C ends the command alone: the execution is the server's. */
export async function untilInterrupted<T>(
  deployment: string,
  execution: string,
  output: Output,
  work: () => Promise<T>,
): Promise<T> {
  const release = onInterrupt(() => {
    for (const line of [
      '',
      `The workflow ${execution} goes on without this command.`,
      `  braid follow ${deployment}   to see how it goes`,
      `  braid cancel ${deployment}   to stop it`,
    ]) {
      output.note(line);
    }
  });
  try {
    return await work();
  } finally {
    release();
  }
}
