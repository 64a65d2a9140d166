import { CommanderError } from 'commander';
import { createProgram } from './program.ts';
import { standardError } from './terminal.ts';

const words = process.argv.slice(2);
const json = words.includes('--json');

// A reader that has seen enough, as `head` has, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Node itself would show it as it is, and hosts' words may be in it.
process.once('uncaughtException', (error: unknown) => {
  standardError.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});

try {
  const program = await createProgram(json, words.find((word) => !word.startsWith('-')) ?? null);
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError && error.exitCode === 0)) await tell(error);
}

async function tell(error: unknown): Promise<void> {
  const { failed } = await import('./exit.ts');
  const { tellFailure } = await import('./tell-failure.ts');
  const reason = failed(error);
  // For people, Commander has said it already.
  if (json || !(error instanceof CommanderError)) tellFailure(reason, json);
  process.exitCode = reason.exit;
}
