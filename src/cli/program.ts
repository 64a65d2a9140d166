import { Command } from 'commander';
import { addBlueprintCommands } from './commands/blueprint.ts';
import { addCheck } from './commands/check.ts';
import { addHeal } from './commands/heal.ts';
import { addInstall } from './commands/install.ts';
import { addLab } from './commands/lab.ts';
import { addLooks } from './commands/look.ts';
import { addProve } from './commands/prove.ts';
import { addUninstall } from './commands/uninstall.ts';
import { addWorker } from './commands/worker.ts';

export function createProgram(): Command {
  const program = new Command('braid')
    .description('durable orchestrator of hybrid service chains')
    .exitOverride();
  for (const add of [
    addInstall,
    addUninstall,
    addCheck,
    addHeal,
    addProve,
    addLooks,
    addBlueprintCommands,
    addLab,
    addWorker,
  ]) {
    add(program);
  }
  for (const command of leaves(program)) {
    command.option('--json', 'print one JSON value on standard output, and nothing else', false);
  }
  return program;
}

function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}
