#!/usr/bin/env node
import { CommanderError } from 'commander';
import { failed } from './exit.ts';
import { createOutput } from './output.ts';
import { createProgram } from './program.ts';

const json = process.argv.includes('--json');

try {
  await createProgram(json).parseAsync();
} catch (error) {
  const reason = failed(error);
  // For people, Commander has said it already, or shown the help that was asked for.
  const said = error instanceof CommanderError && (!json || reason.exit === 0);
  if (!said) createOutput(json).failure(reason);
  process.exitCode = reason.exit;
}
