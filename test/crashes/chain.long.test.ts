import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Belongings } from '../support/chain-lab.ts';
import { type ChainUnderFire, paused, startChainUnderFire } from './chain-under-fire.ts';

/**
 * Installs, a heal and uninstalls of the whole chain, with kill -9 of the worker, of the server and of both in each.
 * What was killed is started again; no command is given. When depends on a seed, which BRAID_SEED may give.
 */

const name = `fire-${randomBytes(2).toString('hex')}`;
const network = '10.122';
type Kind = 'install' | 'heal' | 'uninstall';
const victims = ['worker', 'server', 'both'] as const;
type Victim = (typeof victims)[number];

/** A pod that was deleted may take a while to go. */
const settled = { timeout: 60_000, interval: 1_000 };

const seed = Number(process.env['BRAID_SEED'] ?? Date.now() % 1_000_000);
const random = generator(seed);

let chain: ChainUnderFire;
let before: Belongings;
let inputs: JsonObject;
/** How many events the executions have that nothing disturbs, and which machines these make and remove. */
const calmEvents = new Map<Kind, number>();
const calmJournal = new Map<Kind, readonly string[]>();
let calmThings: Awaited<ReturnType<typeof things>>;
let latest: string | undefined;

beforeAll(async () => {
  process.stdout.write(`BRAID_SEED=${seed}\n`);
  chain = await startChainUnderFire();
  before = await chain.lab.belongings();
  inputs = await chainInputs(network, name);
});
afterAll(async () => {
  await chain?.tidyUp(name, latest);
  await chain?.close();
});

describe('undisturbed', () => {
  test('install', async () => {
    await undisturbed('install');
    calmThings = await things();
    expect(await problems()).toEqual([]);
  });

  test('heal', async () => {
    await deleteRouter();
    await undisturbed('heal');
    await expect.poll(things, settled).toEqual(calmThings);
  });

  test('uninstall', async () => {
    await undisturbed('uninstall');
    expect(await chain.lab.belongings()).toEqual(before);
  });
});

describe('under fire', () => {
  test('install ends well, and everything is there once', installUnderFire);
  test('heal ends well, and only what was ill is touched', healUnderFire);
  test('uninstall ends well, and nothing is left', uninstallUnderFire);
});

describe.each(['a second', 'a third'])('under fire %s time', () => {
  test('install ends well, and everything is there once', installUnderFire);
  test('uninstall ends well, and nothing is left', uninstallUnderFire);
});

async function installUnderFire(): Promise<void> {
  await underFire('install');
  expect(chain.journal()).toEqual(calmJournal.get('install'));
  await expect.poll(things, settled).toEqual(calmThings);
  expect(await problems()).toEqual([]);
}

async function healUnderFire(): Promise<void> {
  const machines = await machineIds();
  await deleteRouter();
  await underFire('heal');
  expect(chain.journal()).toEqual([]);
  expect(await machineIds()).toEqual(machines);
  await expect.poll(things, settled).toEqual(calmThings);
  expect(await problems()).toEqual([]);
}

async function uninstallUnderFire(): Promise<void> {
  const volumes = await chain.lab.machineVolumes();
  await underFire('uninstall');
  expect(chain.journal()).toEqual(calmJournal.get('uninstall'));
  expect(await chain.lab.belongings()).toEqual(before);
  for (const volume of volumes) expect(await chain.lab.volumeExists(volume)).toBe(false);
  const left = await chain.lab.braid.deployments();
  expect(left.filter(({ deployment }) => deployment.startsWith(name))).toEqual([]);
}

test('a worker that was stopped for minutes and comes back does no harm', async () => {
  await chain.lab.killWorker();
  const first = await chain.lab.startWorker();
  const execution = await start('install');
  await reached('install', execution, 0.3);
  await paused(chain.lab, first, 150);
  await result('install', execution);
  await wait(15_000);
  expect(chain.journal()).toEqual(calmJournal.get('install'));
  await expect.poll(things, settled).toEqual(calmThings);
  expect(await problems()).toEqual([]);
  await chain.lab.braid.run('uninstall', { deployment: name });
  await wait(5_000);
  expect(await chain.lab.belongings()).toEqual(before);
});

async function undisturbed(kind: Kind): Promise<void> {
  const execution = await start(kind);
  await result(kind, execution);
  calmEvents.set(kind, await chain.events(kind, name, execution));
  calmJournal.set(kind, chain.journal());
}

async function underFire(kind: Kind): Promise<void> {
  const execution = await start(kind);
  const moments = victims.map(() => 0.05 + 0.85 * random()).toSorted((a, b) => a - b);
  for (const [index, victim] of shuffled(victims).entries()) {
    const moment = moments[index] ?? 0;
    await reached(kind, execution, moment);
    process.stdout.write(`${kind}: kill -9 of ${victim} at ${Math.round(moment * 100)} % of the events\n`);
    await strike(victim);
  }
  await result(kind, execution);
}

async function strike(victim: Victim): Promise<void> {
  if (victim !== 'worker') await chain.killServer();
  if (victim !== 'server') await chain.lab.killWorker();
  await wait(1_000 * random());
  if (victim !== 'worker') await chain.startServer();
  if (victim !== 'server') await chain.lab.startWorker();
}

async function start(kind: Kind): Promise<string> {
  const blueprint = 'hybrid-service-chain/chain.yaml';
  latest =
    kind === 'install'
      ? await chain.lab.braid.start('install', { deployment: name, blueprint, inputs })
      : await chain.lab.braid.start(kind, { deployment: name });
  return latest;
}

async function result(kind: Kind, execution: string): Promise<void> {
  const began = performance.now();
  await chain.lab.braid.result(kind, execution);
  process.stdout.write(`${kind} ended, ${((performance.now() - began) / 1000).toFixed(0)} s later\n`);
}

/** Waits until the execution is so far, by the events of its history; or at its end. */
async function reached(kind: Kind, execution: string, share: number): Promise<void> {
  const wanted = share * (calmEvents.get(kind) ?? 0);
  const isOver = async (): Promise<boolean> =>
    (await chain.events(kind, name, execution)) >= wanted || !(await chain.lab.braid.isRunning(execution));
  await expect.poll(isOver, { timeout: 600_000, interval: 100 }).toBe(true);
}

/** All that the chain consists of, as the systems themselves list it. */
async function things() {
  const manager = await chain.lab.machine(`${name}-swarm`, 'manager_host');
  const host = await chain.lab.machine(`${name}-kubernetes`, 'kubernetes_host');
  const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', 'get', '-A', '-o', 'name'];
  const lines = async (machine: string, ...command: string[]): Promise<readonly string[]> =>
    (await chain.lab.inside(machine, command)).trim().split(/[\r\n]+/);
  const pods = await lines(host, ...kubectl, 'pods', '-l', 'app=quagga');
  return {
    belongings: await neutralBelongings(),
    services: await lines(manager, 'docker', 'service', 'ls', '--format', '{{.Name}} {{.Replicas}}'),
    nodes: await lines(manager, 'docker', 'node', 'ls', '--format', '{{.Status}}'),
    ways: await lines(manager, 'ip', 'route', 'show', `${network}.102.0/24`),
    routes: (await lines(host, 'ip', 'route', 'show', `${network}.102.0/24`)).map(withoutNexthopId),
    controllers: await lines(host, ...kubectl, 'replicationcontroller'),
    pods: pods.length,
  };
}

/** The kernel numbers next hops anew when the router is. */
function withoutNexthopId(route: string): string {
  return route.replace(/ nhid \d+/, '');
}

async function problems(): Promise<readonly string[]> {
  return (await chain.lab.braid.run('prove', { deployment: name })).problems;
}

async function deleteRouter(): Promise<void> {
  const host = await chain.lab.machine(`${name}-kubernetes`, 'kubernetes_host');
  const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  await chain.lab.inside(host, [...kubectl, 'delete', 'replicationcontroller', 'quagga', '--wait']);
}

async function machineIds(): Promise<readonly string[]> {
  return (await chain.lab.machines()).map(({ Id }) => Id).toSorted();
}

/** Without what is chosen anew at each install: the suffixes of node instances. */
async function neutralBelongings(): Promise<Belongings> {
  const { machines, networks, secrets } = await chain.lab.belongings();
  return { machines: neutral(machines), networks: neutral(networks), secrets: neutral(secrets) };
}

function neutral(names: readonly string[]): readonly string[] {
  return names.map((each) => each.replace(/[_-][a-z0-9]{6}(?=$|\/)/, '')).toSorted();
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** mulberry32: the same numbers for the same seed. */
function generator(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
