import type { Command } from 'commander';
import type { Diagnostic } from '../../contracts/diagnostic.ts';
import { blueprintsArgument, type ReadingOptions, readingOptions } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { compileSource } from '../sources/compile-source.ts';
import { findSources } from '../sources/find.ts';

type Told = Diagnostic & { /** As a person calls it. */ readonly blueprint: string };

export function addValidate(program: Command): void {
  const command = program
    .command('validate')
    .description('tell every mistake in blueprints, touching nothing')
    .addArgument(blueprintsArgument());
  for (const option of readingOptions()) command.addOption(option);
  command.action(async (paths: readonly string[], options: ReadingOptions) => {
    const output = outputOf(command);
    const told: Told[] = [];
    let valid = true;
    for (const path of paths) {
      for (const source of await findSources(path, options.blueprintFilename)) {
        const { plan, diagnostics } = await compileSource(source, null, options, output);
        valid &&= plan !== null;
        if (plan !== null) output.line(`${source.name} is valid.`);
        told.push(...diagnostics.map((one) => ({ blueprint: source.name, ...one })));
      }
    }
    output.value({ valid, diagnostics: told });
  });
}
