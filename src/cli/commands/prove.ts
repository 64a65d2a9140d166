import type { Command } from 'commander';
import { proofLines } from '../view/proof.ts';
import { runExecution } from './execution.ts';

export function addProve(program: Command): void {
  program
    .command('prove')
    .description('prove that a service chain carries its traffic; exit status 1 when it is not proven')
    .argument('<deployment>', 'name of the deployment')
    .option(
      '--disruptive',
      'also withdraw each hop that can be: traffic must stop, and come back with it',
      false,
    )
    .action(
      async (deployment: string, { disruptive }: { readonly disruptive: boolean }, command: Command) => {
        const { proven } = await runExecution(
          command,
          'prove',
          { deployment, disruptive },
          (result, output) => {
            for (const line of proofLines(result)) output.line(line);
          },
        );
        if (!proven) process.exitCode = 1;
      },
    );
}
