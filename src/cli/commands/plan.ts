import type { Command } from 'commander';
import { expand } from '../../topology/expand.ts';
import { blueprintArgument, inputOption, type ReadingOptions, readingOptions } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { readInputs } from '../inputs.ts';
import { compileSource } from '../sources/compile-source.ts';
import { findSource } from '../sources/find.ts';
import { planLines } from '../view/plan.ts';
import { stepsOf } from '../view/plan-steps.ts';

type Options = ReadingOptions & { readonly input?: readonly string[] };

export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('what installing a blueprint would make and do, touching nothing')
    .addArgument(blueprintArgument())
    .addOption(inputOption());
  for (const option of readingOptions()) command.addOption(option);
  command.action(async (path: string, { input = [], ...options }: Options) => {
    const output = outputOf(command);
    const source = await findSource(path, options.blueprintFilename);
    const { plan, diagnostics } = await compileSource(source, await readInputs(input), options, output);
    if (plan === null) {
      output.value({ plan, instances: [], steps: [], diagnostics });
      return;
    }
    let made = 0;
    const instances = expand(plan, () => String((made += 1)));
    const steps = stepsOf(plan, instances);
    output.value({ plan, instances, steps });
    output.line(planLines(plan, instances, steps).join('\n'));
  });
}
