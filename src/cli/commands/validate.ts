import type { Command } from 'commander';
import { filenameOption, blueprintsArgument } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { compileSource } from '../sources/compile-source.ts';
import { findSources } from '../sources/find.ts';

type Options = { readonly blueprintFilename?: string };

export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('tell every mistake in blueprints, touching nothing')
    .addArgument(blueprintsArgument())
    .addOption(filenameOption())
    .action(async (paths: readonly string[], { blueprintFilename }: Options, command: Command) => {
      const output = outputOf(command);
      const found = await Promise.all(paths.map((path) => findSources(path, blueprintFilename)));
      const results = [];
      for (const source of found.flat()) {
        const { plan, diagnostics } = await compileSource(source, null, output);
        if (plan !== null) output.line(`${source.name} is valid.`);
        results.push({ valid: plan !== null, diagnostics: diagnostics.map((one) => ({ blueprint: source.name, ...one })) });
      }
      output.value({
        valid: results.every(({ valid }) => valid),
        diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
      });
    });
}
