import { type Command, CommanderError } from 'commander';
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
  expect(await refusal(line)).toBeUndefined();
});

test('what is no command is refused', async () => {
  expect(await refusal('instal chain chain.yaml')).toContain('unknown command');
  expect(await refusal('heal chain --hard')).toContain('unknown option');
});

/** Why a command line is not understood; nothing of it is run. */
async function refusal(line: string): Promise<string | undefined> {
  const program = await createProgram(true);
  for (const command of everyCommand(program)) command.exitOverride().action(() => undefined);
  try {
    await program.parseAsync(line.match(/"[^"]*"|\S+/g) ?? [], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : error.message;
  }
}

function everyCommand(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(everyCommand);
}
