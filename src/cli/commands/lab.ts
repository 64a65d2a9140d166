import type { Command } from 'commander';
import { createReporter } from '../../../lab/report.ts';
import { down, status, up } from '../../../lab/lab.ts';
import type { Json } from '../../contracts/json.ts';
import { outputOf } from '../globals.ts';

const defaultName = 'demo';

/** The data centre on this machine. */
export function addLab(program: Command): void {
  const lab = program.command('lab').description('a data centre on this machine, with Temporal and a worker');
  lab
    .command('up')
    .description('start it, going on from what is there')
    .option('--name <name>', 'name of the lab', defaultName)
    .option('--yes', 'install system packages by sudo where this is not root', false)
    .action(async ({ name, yes }: { readonly name: string; readonly yes: boolean }, command: Command) => {
      const made = await up({ name, yes, report: createReporter() });
      const output = outputOf(command);
      output.value(made as unknown as Json);
      output.line(`The lab ${name} is up. Temporal: ${made.temporal.address}  Web UI: ${made.temporal.ui}`);
      output.line(`  export TEMPORAL_ADDRESS=${made.temporal.address}`);
    });
  lab
    .command('status')
    .description('what of it is there')
    .option('--name <name>', 'name of the lab', defaultName)
    .action(async ({ name }: { readonly name: string }, command: Command) => {
      const found = await status(name);
      const output = outputOf(command);
      output.value(found as unknown as Json);
      output.line(JSON.stringify(found, null, 2));
    });
  lab
    .command('down')
    .description('remove all of it; builds and images are kept')
    .option('--name <name>', 'name of the lab', defaultName)
    .action(async ({ name }: { readonly name: string }) => {
      await down({ name, report: createReporter() });
    });
}
