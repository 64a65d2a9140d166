import { parseArgs } from 'node:util';

/** What `npm test` runs, in this order. */
export const usualStages = ['types', 'lint', 'format', 'unused', 'supply', 'unit', 'server', 'lab'] as const;
/** Run when asked for alone: `long` takes longer than a change can wait for. */
const stageNames = [...usualStages, 'long'] as const;
export type StageName = (typeof stageNames)[number];

export type TestArguments = {
  readonly stages: readonly StageName[];
  /** Use sudo for system packages. */
  readonly yes: boolean;
  readonly help: boolean;
  /** Passed to vitest: names of test files. */
  readonly files: readonly string[];
};

export const testUsage = `npm test -- [--only ${stageNames.join(',')}] [--yes] [part of a test file's path …]

  --only   these stages alone, in their usual order; \`long\` is run only so
  --yes    use sudo where a system package is missing and this is not root`;

/** Throws an error whose message tells what is wrong. */
export function parseTestArguments(args: readonly string[]): TestArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    stages: chooseStages(values.only),
    yes: values.yes,
    help: values.help,
    files: positionals,
  };
}

function chooseStages(only: readonly string[]): readonly StageName[] {
  const asked = only
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = asked.filter((name) => !stageNames.some((stage) => stage === name));
  if (unknown.length > 0) {
    throw new Error(`--only knows ${stageNames.join(', ')}; not ${unknown.join(', ')}.`);
  }
  return asked.length === 0 ? usualStages : stageNames.filter((stage) => asked.includes(stage));
}
