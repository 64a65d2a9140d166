import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, describe, expect, test } from 'vitest';
import { status } from '../../lab/lab.ts';
import { listLabObjects } from '../../lab/objects.ts';
import { commandsOf, pageAt, pathWith, runPrinted } from '../docs/printed.ts';
import { type Ran, startProgram } from '../support/processes.ts';

/** The demo as a person runs it, then what the pages say to type beside it, each command as it is printed. */

const name = `printed-${randomBytes(2).toString('hex')}`;
const environment = { PATH: pathWith() };

const demo = (...options: string[]): Promise<Ran> =>
  startProgram('npm', ['run', 'demo', '--', '--name', name, ...options], environment).ended;

afterAll(async () => {
  await demo('--down');
});

/** A chain that is not called `chain`, on a lab that is not the usual one. */
async function places(chain: string): Promise<Readonly<Record<string, string>>> {
  const { temporal } = await status(name);
  return { '127.0.0.1:7233': temporal?.address ?? 'nowhere', ' chain': ` ${chain}` };
}

async function type(block: string, chain: string, before: readonly string[] = []): Promise<Ran> {
  return runPrinted(block, { before, places: await places(chain), environment });
}

describe('the demo', () => {
  test('ends with the proven chain', async () => {
    const { status: exit, stdout, stderr } = await demo();
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stdout).toContain(`${name} is installed. Its outputs:`);
    for (const page of ['Apache 1', 'Apache 2']) expect(stdout).toContain(page);
    expect(stdout).toContain('Temporal’s Web UI: http://127.0.0.1:');
    expect(stdout).toContain(`npm run demo -- --name ${name} --down`);
  });

  test('run again, it finds all there', async () => {
    const before = await startTimes();
    expect(await demo()).toMatchObject({ status: 0 });
    expect(await startTimes()).toEqual(before);
  });
});

describe('README.md', () => {
  const blocks = commandsOf(pageAt('README.md'));
  test.each(blocks)('%s', async (block) => {
    const { status: exit, stdout, stderr } = await type(block, name);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stdout).toContain(`${name} is well`);
    expect((await listLabObjects(name)).containers).toEqual([]);
  });
});

describe('the pages of the blueprints', () => {
  const commands = [
    ...commandsOf(pageAt('blueprints/kubernetes-cluster/README.md')),
    ...commandsOf(pageAt('blueprints/swarm-cluster/README.md')),
    ...commandsOf(pageAt('blueprints/hybrid-service-chain/README.md')),
  ];
  const [kubernetes = '', swarm = '', chain = '', service = '', second = ''] = commands;

  test.each([
    [kubernetes, 'kubernetes is installed'],
    [swarm, 'swarm is installed'],
    [service, 'service is installed'],
    ['npx braid prove service', 'proven'],
    ['npx braid uninstall service', 'service'],
    ['npx braid uninstall swarm', 'swarm'],
    ['npx braid uninstall kubernetes', 'kubernetes'],
    [chain, 'printed is installed'],
    [second, 'second is installed'],
    ['npx braid prove chain', 'proven'],
    ['npx braid prove second', 'proven'],
    ['npx braid uninstall second', 'second'],
    ['npx braid uninstall chain', 'printed'],
  ])('%s', async (block, says) => {
    const export_ = 'export TEMPORAL_ADDRESS=127.0.0.1:7233';
    const { status: exit, stdout, stderr } = await type(block, 'printed', [export_]);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stdout).toContain(says);
  });

  test('hold no other command', () => {
    expect(commands).toHaveLength(5);
  });
});

test('taken down, the demo leaves nothing', async () => {
  expect(await demo('--down')).toMatchObject({ status: 0 });
  const left = await status(name);
  expect(left).toMatchObject({
    temporalHealthy: false,
    worker: false,
    objects: { containers: [], networks: [], volumes: [] },
  });
  expect(await startProgram('ls', [join(left.folder, '..', name)], {}).ended).toMatchObject({ status: 2 });
});

async function startTimes(): Promise<readonly string[]> {
  const docker = new Docker();
  const { containers } = await listLabObjects(name, docker);
  expect(containers).toHaveLength(5);
  const all = await Promise.all(containers.map((container) => docker.getContainer(container).inspect()));
  return all.map(({ Name, State }) => `${Name} ${State.StartedAt}`).toSorted();
}
