import type { Command } from 'commander';
import { deploymentArgument } from '../deployment-argument.ts';
import { runExecution } from './execution.ts';

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('compare what is there with the plan; exit status 1 when it differs')
    .addArgument(deploymentArgument())
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const { healthy } = await runExecution(command, 'check', { deployment }, (result, output) => {
        for (const { instance, healthy: well, reason } of result.instances) {
          output.line(`${well ? '✓' : '✗'} ${instance}${reason === null ? '' : `  ${reason}`}`);
        }
        output.line(
          result.healthy ? `${deployment} is well.` : `${deployment} is not well; braid heal ${deployment}`,
        );
      });
      if (!healthy) process.exitCode = 1;
    });
}
