import type { Command } from 'commander';
import { deploymentArgument } from '../arguments.ts';
import { runExecution } from './execution.ts';

export function addHeal(program: Command): void {
  program
    .command('heal')
    .description('check a deployment and repair what is not well, touching nothing else')
    .addArgument(deploymentArgument())
    .option('--no-reinstall', 'fail rather than reinstall what cannot be repaired in place')
    .action(async (deployment: string, { reinstall }: { readonly reinstall: boolean }, command: Command) => {
      await runExecution(command, 'heal', { deployment, reinstall }, ({ repairs, checked }, output) => {
        if (repairs.length === 0)
          output.line(`${deployment} is well; nothing was to be done (${checked} checked).`);
        for (const { instance, reason, action } of repairs) output.line(`${instance} ${action}: ${reason}`);
      });
    });
}
