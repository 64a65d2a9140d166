import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBraid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { startProgram } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';
import { fencesOf, root } from './pages.ts';
import { commandsOf, pageAt, pathWith, placed, runPrinted } from './printed.ts';

/** docs/starting-workflows.md, read by somebody who types all of it. */

const page = pageAt('docs/starting-workflows.md');
const commands = commandsOf(page);

let station: Station;
let connection: Connection;
let places: Readonly<Record<string, string>>;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  station = await startStation({ http: true });
  await writeTheBlueprint();
  await station.startWorker();
  connection = await Connection.connect({ address: station.temporal.address });
  places = {
    '127.0.0.1:7233': station.temporal.address,
    'http://127.0.0.1:7243': station.temporal.http ?? '',
  };
  const programs = join(station.folder, 'bin');
  await mkdir(programs);
  await symlink(station.program, join(programs, 'temporal'));
  environment = { ...station.environment, PATH: pathWith(programs) };
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await station?.stop();
});

async function writeTheBlueprint(): Promise<void> {
  const blueprint = fencesOf(page).find(({ language }) => language === 'yaml')?.text ?? '';
  await mkdir(join(station.blueprints, 'greeting'));
  await writeFile(join(station.blueprints, 'greeting', 'blueprint.yaml'), blueprint);
}

test.each(commands.map((block, index) => [block.split('\n')[0] ?? '', index] as const))(
  '%s',
  async (_first, index) => {
    const ran = await runPrinted(commands[index] ?? '', { places, environment });
    expect(ran).toMatchObject({ status: 0 });
  },
);

test('the program in TypeScript', async () => {
  const program = fencesOf(page).find(({ language }) => language === 'js')?.text ?? '';
  const args = ['--input-type=module', '--eval', placed(program, places)];
  const { status, stdout } = await startProgram(process.execPath, args, environment, root).ended;
  expect({ status, result: JSON.parse(stdout) }).toEqual({ status: 0, result: resultOf('by-typescript') });
});

test('each of them has installed what the page says', async () => {
  const braid = createBraid({ client: new Client({ connection, dataConverter }), taskQueue: 'braid' });
  const installed = (await braid.deployments()).map(({ deployment, outputs }) => ({ deployment, outputs }));
  const ways = ['by-braid', 'by-execute', 'by-http', 'by-start', 'by-typescript'];
  expect(installed.toSorted((one, other) => one.deployment.localeCompare(other.deployment))).toEqual(
    ways.map((deployment) => ({ deployment, outputs: { said: 'good day, world' } })),
  );
});

const resultOf = (deployment: string) => ({
  deployment,
  outputs: { said: 'good day, world' },
  capabilities: {},
  instances: 1,
});
