import type { Command } from 'commander';
import type { LabStatus } from '../../../lab/lab.ts';
import { outputOf } from '../globals.ts';
import { count } from '../view/count.ts';
import { table } from '../view/tables.ts';

const defaultName = 'demo';

type Options = {
  readonly name: string;
  readonly yes?: boolean;
  readonly virtualMachines?: boolean;
  readonly httpApi?: boolean;
};

/** The data centre on this machine. Its steps are told on standard error. */
export function addLab(program: Command): void {
  const group = program
    .command('lab')
    .description('a data centre on this machine, with Temporal and a worker');
  group
    .command('up')
    .description('start it, going on from what is there')
    .option('--name <name>', 'name of the lab', defaultName)
    .option('--yes', 'install system packages by sudo where this is not root')
    .option('--virtual-machines', 'build what virtual machines boot, too')
    .option('--http-api', 'serve Temporal’s HTTP API, too')
    .action(async (options: Options, command: Command) => {
      const { name, yes = false, virtualMachines = false, httpApi = false } = options;
      const { lab, report } = await loadLab();
      const made = await lab.up({ name, yes, virtualMachines, httpApi, report });
      const output = outputOf(command);
      output.value(made);
      output.line(`The lab ${name} is up. Temporal: ${made.temporal.address}  Web UI: ${made.temporal.ui}`);
      if (made.temporal.http !== null) output.line(`  HTTP API: ${made.temporal.http}`);
      output.line(`  export TEMPORAL_ADDRESS=${made.temporal.address}`);
    });
  group
    .command('status')
    .description('what of it is there')
    .option('--name <name>', 'name of the lab', defaultName)
    .action(async ({ name }: Options, command: Command) => {
      const { lab } = await loadLab();
      const found = await lab.status(name);
      const output = outputOf(command);
      output.value(found);
      for (const line of labLines(found)) output.line(line);
    });
  group
    .command('down')
    .description('remove all of it; builds and images are kept')
    .option('--name <name>', 'name of the lab', defaultName)
    .action(async ({ name }: Options, command: Command) => {
      const { lab, report } = await loadLab();
      await lab.down({ name, report });
      outputOf(command).value({ name, removed: true });
    });
}

/** Only when it is needed: it brings Docker’s client, which no other command of this kind uses. */
async function loadLab() {
  const { createReporter } = await import('../../../lab/report.ts');
  return { lab: await import('../../../lab/lab.ts'), report: createReporter(process.stderr) };
}

function labLines(lab: LabStatus): readonly string[] {
  const { name, folder, engine, temporal, temporalHealthy, worker, objects } = lab;
  const { containers, networks, volumes } = objects;
  return [
    `The lab ${name}`,
    ...table([
      ['  engine', engine ? 'runs' : 'does not run'],
      ['  Temporal', temporalHealthy ? `runs at ${temporal?.address ?? ''}` : 'does not run'],
      ...(temporalHealthy ? [['  Web UI', temporal?.ui ?? '']] : []),
      ['  worker', worker ? 'runs' : 'does not run'],
      [
        '  objects',
        `${count(containers.length, 'machine')}, ${count(networks.length, 'network')}, ${count(volumes.length, 'volume')}`,
      ],
      ['  folder', folder],
    ]),
  ];
}
