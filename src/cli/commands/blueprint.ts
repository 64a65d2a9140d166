import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { blueprintFiles } from '../../activities/blueprints/catalogue.ts';
import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { compile } from '../../language/index.ts';
import { expand } from '../../topology/expand.ts';
import { inputOption } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { readInputs } from '../inputs.ts';
import type { Output } from '../output.ts';
import { count } from '../view/count.ts';
import { diagnosticLines } from '../view/diagnostics.ts';
import { planLines } from '../view/plan.ts';

/** Commands that read a blueprint from disk and need neither a server nor a worker. */
export function addBlueprintCommands(program: Command): void {
  program
    .command('validate')
    .description('tell every mistake in a blueprint, touching nothing')
    .argument('<blueprint>', 'main file of the blueprint')
    .action(async (path: string, _options: unknown, command: Command) => {
      const output = outputOf(command);
      const { diagnostics, plan } = await compiled(path, null, output);
      output.value({ valid: plan !== null, diagnostics: diagnostics.map((each) => ({ ...each })) });
      if (plan !== null) output.line(`${path} is valid.`);
    });

  program
    .command('plan')
    .description('what installing a blueprint would make, touching nothing')
    .argument('<blueprint>', 'main file of the blueprint')
    .addOption(inputOption())
    .action(async (path: string, options: { readonly input?: readonly string[] }, command: Command) => {
      const output = outputOf(command);
      const { plan, diagnostics } = await compiled(path, await readInputs(options.input ?? []), output);
      if (plan === null) {
        output.value({ plan, instances: [], diagnostics: diagnostics.map((each) => ({ ...each })) });
        return;
      }
      let made = 0;
      const instances = expand(plan, () => String((made += 1)));
      output.value({ plan, instances });
      for (const line of planLines(plan, instances)) output.line(line);
    });
}

async function compiled(path: string, inputs: JsonObject | null, output: Output) {
  await mustBeFile(path);
  const folder = dirname(path);
  const { load, exists } = blueprintFiles(folder);
  const result = await compile({ main: basename(path), load, exists, inputs });
  const sources = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  for (const line of await diagnosticLines(result.diagnostics, folder, sources)) output.note(line);
  if (result.plan === null) {
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error').length;
    output.note(`${path} has ${count(errors, 'error')}.`);
    process.exitCode = 2;
  }
  return result;
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw failure('BlueprintNotFound', `There is no file ${path}.`);
}
