import { CommanderError } from 'commander';
import { createOutput } from './output.ts';
import { createProgram } from './program.ts';

const json = process.argv.includes('--json');

try {
  await createProgram(json).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError && error.exitCode === 0)) await tell(error);
}

async function tell(error: unknown): Promise<void> {
  const { failed } = await import('./exit.ts');
  const reason = failed(error);
  // For people, Commander has said it already.
  if (json || !(error instanceof CommanderError)) createOutput(json).failure(reason);
  process.exitCode = reason.exit;
}
