#!/usr/bin/env node
import { failed } from './exit.ts';
import { createOutput } from './output.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  const reason = failed(error);
  // Commander has printed its own message, and so its help.
  const said = error instanceof Error && 'exitCode' in error;
  if (!said) createOutput(process.argv.includes('--json')).failure(reason);
  process.exitCode = reason.exit;
}
