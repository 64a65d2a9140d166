import type { Command } from 'commander';
import type { Json } from '../../contracts/json.ts';
import { outputOf } from '../globals.ts';
import { withBraid } from '../session.ts';
import { outputsTable, statusLines, table } from '../view/tables.ts';

/** Commands that only look at deployments. */
export function addLooks(program: Command): void {
  program
    .command('status')
    .description('how a deployment and its node instances are')
    .argument('<deployment>', 'name of the deployment')
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      const record = await withBraid((braid) => braid.deployment(deployment));
      output.value(record as unknown as Json);
      for (const line of statusLines(record)) output.line(line);
    });

  program
    .command('outputs')
    .description('outputs of a deployment')
    .argument('<deployment>', 'name of the deployment')
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      const { outputs } = await withBraid((braid) => braid.deployment(deployment));
      output.value(outputs);
      for (const line of outputsTable(outputs)) output.line(line);
    });

  program
    .command('list')
    .description('all deployments')
    .action(async (_options: unknown, command: Command) => {
      const output = outputOf(command);
      const records = await withBraid((braid) => braid.deployments());
      output.value(
        records.map(({ deployment, phase, blueprint, parent }) => ({
          deployment,
          phase,
          blueprint: blueprint.path,
          parent,
        })),
      );
      if (records.length === 0) output.line('There are no deployments.');
      const rows = records.map(({ deployment, phase, blueprint, parent }) => [
        deployment,
        phase,
        blueprint.path,
        parent === null ? '' : `component of ${parent}`,
      ]);
      for (const line of table(rows)) output.line(line);
    });
}
