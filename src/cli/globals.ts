import type { Command } from 'commander';
import { createOutput, type Output } from './output.ts';

export function outputOf(command: Command): Output {
  return createOutput(command.optsWithGlobals<{ readonly json?: boolean }>().json === true);
}
