import type { Command } from 'commander';
import type { Braid } from '../../client/braid.ts';
import { deploymentArgument } from '../deployment-argument.ts';
import { outputOf } from '../globals.ts';
import { withBraid } from '../session.ts';
import { listLines, outputsTable, statusLines } from '../view/tables.ts';

/** Commands that only look at deployments. */
export function addLooks(program: Command): void {
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
      for (const line of listLines(records)) output.line(line);
    });

  program
    .command('status')
    .description('how a deployment and its node instances are')
    .addArgument(deploymentArgument())
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      const { record, retries } = await withBraid((braid) => statusOf(braid, deployment));
      output.value({ ...record, retries });
      for (const line of statusLines(record, retries)) output.line(line);
    });

  program
    .command('outputs')
    .description('outputs of a deployment')
    .addArgument(deploymentArgument())
    .action(async (deployment: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      const { outputs } = await withBraid((braid) => braid.deployment(deployment));
      output.value(outputs);
      const lines = outputsTable(outputs);
      for (const line of lines) output.line(line);
      if (lines.length === 0) output.line(`${deployment} has no outputs.`);
    });
}

async function statusOf(braid: Braid, deployment: string) {
  const record = await braid.deployment(deployment);
  const { holder } = record;
  return { record, retries: holder === null ? [] : await braid.retries(holder.execution) };
}
