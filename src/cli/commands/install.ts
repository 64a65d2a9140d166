import { type Command, Option } from 'commander';
import { inputOption } from '../arguments.ts';
import { deploymentArgument } from '../deployment-argument.ts';
import { readInputs } from '../inputs.ts';
import { count } from '../view/count.ts';
import { outputsTable } from '../view/tables.ts';
import { tellingDiagnostics } from './diagnostics.ts';
import { runExecution } from './execution.ts';

type Options = {
  readonly input?: readonly string[];
  readonly onFailure: 'stop' | 'rollback';
  readonly adopt?: boolean;
};

export function addInstall(program: Command): void {
  program
    .command('install')
    .description('install a deployment, or go on with one that is not complete')
    .addArgument(deploymentArgument())
    .argument('<blueprint>', 'main file of the blueprint, below the worker’s blueprint folder')
    .addOption(inputOption())
    .addOption(
      new Option('--on-failure <action>', 'what to do when an operation fails for good')
        .choices(['stop', 'rollback'])
        .default('stop'),
    )
    .option('--adopt', 'take objects of the same name that Braid did not make as its own')
    .action(async (deployment: string, blueprint: string, options: Options, command: Command) => {
      const { input = [], onFailure, adopt = false } = options;
      const inputs = await readInputs(input);
      const given = { deployment, blueprint, inputs, onFailure, adopt };
      await tellingDiagnostics(blueprint, command, () =>
        runExecution(command, 'install', given, (result, output) => {
          output.line(`${deployment} is installed: ${count(result.instances, 'node instance')}.`);
          for (const line of outputsTable(result.outputs)) output.line(line);
        }),
      );
    });
}
