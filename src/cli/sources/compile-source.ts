import type { Diagnostic } from '../../contracts/diagnostic.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { compile, type Compiled } from '../../language/index.ts';
import type { ReadingOptions } from '../arguments.ts';
import type { Output } from '../output.ts';
import { count } from '../view/count.ts';
import { diagnosticLines } from '../view/diagnostics.ts';
import type { BlueprintSource } from './source.ts';

/**
 * Compiles a blueprint and shows what there is to say of it; with errors the exit status is 2. `inputs` null:
 * it is only validated.
 */
export async function compileSource(
  { name, main, load, exists, folder, text }: BlueprintSource,
  inputs: JsonObject | null,
  { strict = false, compat = false }: ReadingOptions,
  output: Output,
): Promise<Compiled> {
  const result = await compile({ main, load, exists, inputs, strict, compat });
  for (const line of await diagnosticLines(result.diagnostics, folder, text)) output.note(line);
  if (result.plan === null) {
    output.note(`${name} has ${count(result.diagnostics.filter(isError).length, 'error')}.`);
    process.exitCode = 2;
  }
  return result;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
