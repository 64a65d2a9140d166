import type { Command } from 'commander';
import { deploymentArgument } from '../deployment-argument.ts';
import { proofLines } from '../view/proof.ts';
import { runExecution } from './execution.ts';

export function addProve(program: Command): void {
  program
    .command('prove')
    .description('prove that a service chain carries its traffic; exit status 1 when it is not proven')
    .addArgument(deploymentArgument())
    .option('--disruptive', 'also withdraw each hop that can be: traffic must stop, and come back with it')
    .action(
      async (
        deployment: string,
        { disruptive = false }: { readonly disruptive?: boolean },
        command: Command,
      ) => {
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
