import type { Command } from 'commander';
import { deploymentArgument } from '../deployment-argument.ts';
import { outputOf } from '../globals.ts';
import { withBraid } from '../session.ts';
import { follow } from '../view/follow.ts';
import { untilInterrupted } from './execution.ts';

export function addFollow(program: Command): void {
  program
    .command('follow')
    .description('show the execution that works on a deployment, until it ends; exit status as it ends')
    .addArgument(deploymentArgument())
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      await withBraid(async (braid) => {
        const { holder } = await braid.deployment(deployment);
        if (holder === null) {
          output.value(null);
          output.line(`Nothing works on ${deployment}.`);
          return;
        }
        const { kind, execution } = holder;
        output.note(`${kind} of ${deployment} is the workflow ${execution}`);
        const result = await untilInterrupted(deployment, execution, output, () =>
          follow(braid, kind, execution, output),
        );
        output.value(result);
        output.line(`${execution} is completed.`);
      });
    });
}
