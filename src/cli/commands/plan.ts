import type { Command } from 'commander';
import { expand } from '../../topology/expand.ts';
import { blueprintArgument, filenameOption, inputOption } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { readInputs } from '../inputs.ts';
import { compileSource } from '../sources/compile-source.ts';
import { findSource } from '../sources/find.ts';
import { planLines } from '../view/plan.ts';
import { stepsOf } from '../view/plan-steps.ts';

type Options = { readonly input?: readonly string[]; readonly blueprintFilename?: string };

export function addPlan(program: Command): void {
  program
    .command('plan')
    .description('what installing a blueprint would make, touching nothing')
    .addArgument(blueprintArgument())
    .addOption(filenameOption())
    .addOption(inputOption())
    .action(async (path: string, { input = [], blueprintFilename }: Options, command: Command) => {
      const output = outputOf(command);
      const source = await findSource(path, blueprintFilename);
      const { plan, diagnostics } = await compileSource(source, await readInputs(input), output);
      if (plan === null) {
        output.value({ plan, instances: [], steps: [], diagnostics });
        return;
      }
      let made = 0;
      const instances = expand(plan, () => String((made += 1)));
      const steps = stepsOf(plan, instances);
      output.value({ plan, instances, steps });
      for (const line of planLines(plan, instances, steps)) output.line(line);
    });
}
