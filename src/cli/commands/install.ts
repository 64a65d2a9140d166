import { type Command, Option } from 'commander';
import { readInputs } from '../inputs.ts';
import { outputsTable } from '../view/tables.ts';
import { runExecution } from './execution.ts';

type Options = {
  readonly input: readonly string[];
  readonly onFailure: 'stop' | 'rollback';
  readonly adopt: boolean;
};

export function addInstall(program: Command): void {
  program
    .command('install')
    .description('install a deployment, or go on with one that is not complete')
    .argument('<deployment>', 'name of the deployment')
    .argument('<blueprint>', 'main file of the blueprint, below the worker’s blueprint folder')
    .option('-i, --input <input...>', 'an input as key=value, or a YAML file of inputs', [])
    .addOption(
      new Option('--on-failure <action>', 'what to do when an operation fails for good')
        .choices(['stop', 'rollback'])
        .default('stop'),
    )
    .option('--adopt', 'take objects of the same name that Braid did not make as its own', false)
    .action(async (deployment: string, blueprint: string, options: Options, command: Command) => {
      const { onFailure, adopt } = options;
      const inputs = await readInputs(options.input);
      await runExecution(
        command,
        'install',
        { deployment, blueprint, inputs, onFailure, adopt },
        (result, output) => {
          output.line(`${deployment} is installed: ${result.instances} node instances.`);
          for (const line of outputsTable(result.outputs)) output.line(line);
        },
      );
    });
}
