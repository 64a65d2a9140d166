import type { Command } from 'commander';
import { deploymentArgument } from '../deployment-argument.ts';
import { outputOf } from '../globals.ts';
import { withBraid } from '../session.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('ask the execution that works on a deployment to stop; what it made stays')
    .addArgument(deploymentArgument())
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      const cancelled = await withBraid(async (braid) => {
        const { holder } = await braid.deployment(deployment);
        if (holder !== null) await braid.cancel(holder.execution);
        return holder?.execution ?? null;
      });
      output.value({ deployment, cancelled });
      output.line(
        cancelled === null
          ? `Nothing works on ${deployment}.`
          : `${cancelled} was asked to stop; \`braid follow ${deployment}\` shows how it ends.`,
      );
    });
}
