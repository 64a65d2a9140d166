import type { Command } from 'commander';
import type { WorkflowInputs, WorkflowKind, WorkflowResults } from '../../client/workflow-types.ts';
import type { Json } from '../../contracts/json.ts';
import { outputOf } from '../globals.ts';
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
    const result = await follow(braid, kind, execution, output);
    output.value(result as unknown as Json);
    tell(result, output);
    return result;
  });
}
