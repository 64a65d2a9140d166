import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf } from '../docs/pages.ts';
import { type Ran, root, startProgram } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';

/** docs/starting-workflows.md as printed, in its order; only the addresses are those of this test’s server. */

const path = join(root, 'docs', 'starting-workflows.md');
const blocks = fencesOf({ path, text: await readFile(path, 'utf8') });
const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
const programs = blocks.filter(({ language }) => language === 'js').map(({ text }) => text);

let station: Station;

beforeAll(async () => {
  station = await startStation({ http: true });
  const folder = join(station.blueprints, 'greeting');
  await mkdir(folder);
  await writeFile(
    join(folder, 'blueprint.yaml'),
    blocks.find(({ language }) => language === 'yaml')?.text ?? '',
  );
  await station.startWorker();
}, 120_000);
afterAll(() => station?.stop());

describe('the page about starting workflows', () => {
  it('has commands and a program', () => {
    expect([commands.length, programs.length]).toEqual([5, 1]);
  });

  it.each(commands.map((text) => [text]))('is right in\n%s', async (text) => {
    const { status, stdout, stderr } = await run('bash', '-euc', text);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain(text.includes('"workflowType"') ? '"runId"' : 'good day, world');
  });

  it('is right in its program', async () => {
    const { stdout } = await run('node', '--input-type=module', '--eval', programs[0] ?? '');
    expect(JSON.parse(stdout)).toMatchObject({ deployment: 'by-typescript', instances: 1 });
  });
});

function run(program: string, ...args: readonly string[]): Promise<Ran> {
  const { temporal, environment, program: temporalProgram } = station;
  const here = (text: string): string =>
    text
      .replaceAll('http://127.0.0.1:7243', temporal.http ?? '')
      .replaceAll('127.0.0.1:7233', temporal.address);
  const PATH = `${dirname(temporalProgram)}:${process.env['PATH'] ?? ''}`;
  return startProgram(program, args.map(here), { ...environment, PATH, npm_config_offline: 'true' }).ended;
}
