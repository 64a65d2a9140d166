import { type Argument, Command } from 'commander';
import { loadCommands } from './commands.ts';
import { standardError, standardOutput } from './terminal.ts';
import { version } from './version.ts';

/**
 * Has only the command that is `asked` for; all of them when there is no such one. With `json`, what is wrong
 * with the command line itself is told as JSON too.
 */
export async function createProgram(json: boolean, asked: string | null = null): Promise<Command> {
  const program = new Command('braid')
    .description('Durable orchestrator of hybrid service chains, on Temporal.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpCommand(
      new Command('help')
        .argument('[command]')
        .description('show help for a command')
        .helpGroup('Run Braid:'),
    )
    .showHelpAfterError('Type `braid --help` for the commands.')
    .configureHelp({
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
    .addHelpText('after', epilogue)
    .exitOverride();
  for (const [title, adds] of await loadCommands(asked)) {
    program.commandsGroup(`${title}:`);
    for (const add of adds) add(program);
  }
  for (const command of leaves(program)) {
    command
      .option('--json', 'print one JSON value on standard output, and nothing else')
      .helpOption('-h, --help', 'show help')
      .showHelpAfterError(`Type \`${pathOf(command)} --help\` for what it takes.`);
  }
  for (const command of everyCommand(program)) {
    command.configureOutput({
      writeOut: standardOutput.write,
      writeErr: json ? () => undefined : standardError.write,
    });
  }
  return program;
}

const epilogue = `
Examples:
  braid install chain hybrid-service-chain/chain.yaml --input inputs.yaml
  braid prove chain --disruptive
  braid status chain --json

Every command takes --json. Exit status: 0 done, 1 the operation failed, 2 wrong usage or blueprint.
Temporal is found by its own client profile (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, …), the workers by
BRAID_TASK_QUEUE. In a checkout, type \`npx braid …\` or \`npm run braid -- …\`.`;

function argumentTerm(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
