import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageName, TestArguments } from './arguments.ts';
import { runCommand } from './command.ts';
import { type Count, countTests, failedProject } from './count.ts';

export type Stage = {
  readonly name: StageName;
  /** What it checks, for the line above its output. */
  readonly title: string;
  readonly run: (context: StageContext) => Promise<Count>;
};

export type StageContext = {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly files: TestArguments['files'];
};

/** Every stage, in its order. */
export const stages: readonly Stage[] = [
  tool('types', 'types by tsc', ['tsc', '--noEmit']),
  tool('lint', 'lint by oxlint', ['oxlint', '--type-aware', '--deny-warnings']),
  tool('format', 'format by biome', ['biome', 'format']),
  tool('unused', 'unused files, exports and packages by knip', ['knip']),
  tool('supply', 'whose work it is made with: licences, and what is known against it', [
    'node',
    'scripts/supply.ts',
  ]),
  tests('unit', 'unit tests'),
  tests('server', 'tests on a real Temporal server'),
  tests('lab', 'tests on the lab: real machines and clusters'),
  tests('long', 'tests on the lab that take long: crashes, virtual machines, a Temporal of its own'),
];

/** A tool that passes or fails as a whole, counted as one test. */
function tool(name: StageName, title: string, command: readonly string[]): Stage {
  return {
    name,
    title,
    async run({ root, env, signal }) {
      const status = await runCommand(command, { cwd: root, env, signal });
      return status === 0
        ? { passed: 1, failed: 0, remarks: [] }
        : failedProject(`${name}: \`${command.join(' ')}\` ended with ${status}`);
    },
  };
}

/** A vitest project; its tests are counted from vitest's own JSON report. */
function tests(name: StageName, title: string): Stage {
  return {
    name,
    title,
    async run({ root, env, signal, files }) {
      const folder = await mkdtemp(join(tmpdir(), 'braid-test-'));
      try {
        const report = join(folder, 'report.json');
        const command = ['vitest', 'run', '--project', name, '--reporter=default', '--reporter=json'];
        const status = await runCommand([...command, `--outputFile.json=${report}`, ...files], {
          cwd: root,
          env,
          signal,
        });
        return countTests(name, await readReport(report), status);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function readReport(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
