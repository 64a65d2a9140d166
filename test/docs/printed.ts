import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Ran, startProgram } from '../support/processes.ts';
import { fencesOf, type Page, root } from './pages.ts';

/** The pages whose commands are run as they are printed, each by a test of its own. */
export const pagesThatAreRun = [
  'docs/starting-workflows.md',
  'docs/blueprint-by-example.md',
  'docs/production.md',
  'README.md',
  'blueprints/kubernetes-cluster/README.md',
  'blueprints/swarm-cluster/README.md',
  'blueprints/hybrid-service-chain/README.md',
];

/** The blocks of commands of a page, in their order; without those that say why they are not run. */
export function commandsOf(page: Page): readonly string[] {
  return fencesOf(page)
    .filter(({ language, marks }) => language === 'sh' && !/^not run: |file: /.test(marks))
    .map(({ text }) => text);
}

export function pageAt(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** With the Node that runs the tests in front, and `folders` behind it. */
export function pathWith(...folders: readonly string[]): string {
  return [dirname(process.execPath), ...folders, process.env['PATH']].join(':');
}

/** Where this test’s lab is, in place of what a page prints: `127.0.0.1:7233` and the like. */
export type Places = Readonly<Record<string, string>>;

/** Runs a block in the checkout, after what the blocks before exported; it ends with the first command that fails. */
export function runPrinted(
  block: string,
  { before = [], places = {}, environment }: RunOptions,
): Promise<Ran> {
  const exported = before.flatMap((each) => each.match(/^export .*$/gm) ?? []);
  const script = placed([...exported, block].join('\n'), places);
  return startProgram('bash', ['-euo', 'pipefail', '-c', script], environment, root).ended;
}

export type RunOptions = {
  readonly before?: readonly string[];
  readonly places?: Places;
  readonly environment: NodeJS.ProcessEnv;
};

export function placed(text: string, places: Places): string {
  return Object.entries(places).reduce((result, [from, to]) => result.replaceAll(from, to), text);
}
