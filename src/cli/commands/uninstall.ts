import type { Command } from 'commander';
import { deploymentArgument } from '../deployment-argument.ts';
import { count } from '../view/count.ts';
import { runExecution } from './execution.ts';

export function addUninstall(program: Command): void {
  program
    .command('uninstall')
    .description('remove all that a deployment made, and the deployment')
    .addArgument(deploymentArgument())
    .option('--force', 'although others use it, and forgetting what cannot be removed')
    .action(async (deployment: string, { force = false }: { readonly force?: boolean }, command: Command) => {
      await runExecution(command, 'uninstall', { deployment, force }, ({ removed, remains }, output) => {
        output.line(`${deployment} is gone: ${count(removed, 'node instance')} removed.`);
        for (const { instance, operation, reason } of remains) {
          output.line(`  may remain: ${instance} (${operation}: ${reason})`);
        }
      });
    });
}
