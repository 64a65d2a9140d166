import { dirname, join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { Command } from 'commander';
import { z } from 'zod';
import { readSettings } from '../../connection/settings.ts';
import { failure } from '../../contracts/failure.ts';
import { outputOf } from '../globals.ts';
import { textsIn } from '../sources/source.ts';
import { diagnosticLines } from '../view/diagnostics.ts';

const place = z.int().min(1);
const placeSchema = z.object({
  file: z.string(),
  line: place,
  column: place,
  endLine: place,
  endColumn: place,
});
const detailsSchema = z.object({
  diagnostics: z.array(
    placeSchema.extend({
      code: z.string(),
      severity: z.enum(['error', 'warning']),
      message: z.string(),
      hint: z.string().nullable(),
      peerCode: z.number().nullable(),
      importedFrom: z.array(placeSchema),
      types: z.array(placeSchema.extend({ name: z.string() })),
      docs: z.string(),
    }),
  ),
});

/** Shows what the worker found wrong in a blueprint, with the lines of its source where this machine has them. */
export async function tellingDiagnostics<T>(
  blueprint: string,
  command: Command,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const diagnostics = diagnosticsOf(error);
    const output = outputOf(command);
    if (!(error instanceof Error) || diagnostics === undefined || output.json) throw error;
    const folder = join(readSettings(process.env).blueprints, dirname(blueprint));
    for (const line of await diagnosticLines(diagnostics, dirname(blueprint), textsIn(folder)))
      output.note(line);
    const [headline = error.message] = error.message.split('\n');
    throw failure('BlueprintInvalid', headline, { details: { diagnostics }, cause: error });
  }
}

function diagnosticsOf(error: unknown) {
  if (!(error instanceof ApplicationFailure) || error.type !== 'BlueprintInvalid') return undefined;
  return detailsSchema.safeParse(error.details?.[0]).data?.diagnostics;
}
