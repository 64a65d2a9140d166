import type { Command } from 'commander';
import { readSettings } from '../../connection/settings.ts';
import { version } from '../version.ts';

/** Editors start it and speak to it; a person has no use for it. */
export function addLsp(program: Command): void {
  program
    .command('lsp')
    .description('the language server: an editor starts it and speaks to it over standard input and output')
    .option('--stdio', 'the only way there is, and the default; editors add it by habit')
    .action(async () => {
      // No other command waits until this is loaded.
      const { serveStandardStreams } = await import('../../language-server/main.ts');
      const { plugins } = readSettings(process.env);
      serveStandardStreams({ version, plugins });
    });
}
