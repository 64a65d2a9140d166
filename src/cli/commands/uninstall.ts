import type { Command } from 'commander';
import { runExecution } from './execution.ts';

export function addUninstall(program: Command): void {
  program
    .command('uninstall')
    .description('remove all that a deployment made, and the deployment')
    .argument('<deployment>', 'name of the deployment')
    .option('--force', 'although others use it, and forgetting what cannot be removed', false)
    .action(async (deployment: string, { force }: { readonly force: boolean }, command: Command) => {
      await runExecution(command, 'uninstall', { deployment, force }, ({ removed, remains }, output) => {
        output.line(`${deployment} is gone: ${removed} node instances.`);
        for (const { instance, operation, reason } of remains) {
          output.line(`  may remain: ${instance} (${operation}: ${reason})`);
        }
      });
    });
}
