import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { allPages, fencesOf } from './pages.ts';

const commands = allPages().flatMap((page) =>
  fencesOf(page)
    .filter(({ language }) => ['', 'sh', 'bash'].includes(language))
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
    .flatMap((line) => {
      const [, rest] = /^\s*(?:npx braid|npm run braid --|braid) (.*)$/.exec(line) ?? [];
      return rest === undefined ? [] : [[page.path, rest.replace(/\s+#.*$/, '').trim()] as const];
    }),
);

test('the pages have commands to check', () => {
  expect(commands.length).toBeGreaterThan(10);
});

test.each(commands)('%s: braid %s is a command that there is', async (_path, line) => {
  const program = createProgram(true);
  for (const command of everyCommand(program)) command.exitOverride().action(() => undefined);
  await program.parseAsync(line.match(/"[^"]*"|\S+/g) ?? [], { from: 'user' }).catch((error: unknown) => {
    // Help and version end a command well.
    if ((error as { readonly exitCode?: number }).exitCode !== 0) throw error;
  });
});

function everyCommand(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(everyCommand);
}
