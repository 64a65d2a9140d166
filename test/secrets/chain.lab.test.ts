import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import Docker from 'dockerode';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { workerSettings } from '../../lab/worker.ts';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { openSecretFiles } from '../../src/store/secret-files.ts';
import { root, type Running, start } from '../support/processes.ts';
import { type Needle, needlesOf } from './needles.ts';
import { filePlaces, type Place, workflowPlaces } from './places.ts';
import { type ProcessWatch, watchProcesses } from './process-watch.ts';

/**
 * The whole chain with a worker that is killed, and beside it scripts and a service that say their secrets, tell
 * functions that read those of others, and fail; then every place is searched for every secret, and for a note that
 * is none.
 */

const suffix = randomBytes(2).toString('hex');
const [chain, talkative] = [`hush-${suffix}`, `talk-${suffix}`];
const note = `note-${randomBytes(9).toString('hex')}`;
/** Found only where payloads are decompressed. */
const largeNote = `large-${randomBytes(9).toString('hex')}`;
const password = `pass "wörd" ${randomBytes(9).toString('base64')}`;

const lab = inject('lab');
const taskQueue = `secrets-${suffix}`;
const docker = new Docker();
const filters = JSON.stringify({ label: [`io.braid.lab=${lab.name}`] });

let folder: string;
let connection: Connection;
let client: Client;
let braid: Braid;
let processes: ProcessWatch;
const workers: Running[] = [];
const said: string[] = [];
const needles: Needle[] = [];
const searched: Place[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-secrets-'));
  await cp(join(root, 'blueprints'), join(folder, 'blueprints'), { recursive: true });
  const own = fileURLToPath(new URL('blueprint', import.meta.url));
  await cp(own, join(folder, 'blueprints', 'talkative'), { recursive: true });
  await (await secretStore()).put('own/password', password);
  await (await secretStore()).put('own/admin', `nobody’s ${randomBytes(9).toString('base64')}`);
  connection = await Connection.connect({ address: lab.temporal.address });
  client = new Client({ connection, namespace: lab.temporal.namespace, dataConverter });
  braid = createBraid({ client, taskQueue });
  processes = watchProcesses();
  await startWorker();
});
afterAll(async () => {
  // Without a worker nobody would do it; the lab is removed anyway.
  for (const deployment of workers.length === 0 ? [] : [talkative, chain]) {
    await braid.run('uninstall', { deployment, force: true }).catch(() => undefined);
  }
  await processes.stop();
  await stopWorkers();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

const secretStore = () => openSecretFiles({ folder: join(folder, 'store', 'secrets') });

async function startWorker(): Promise<void> {
  const worker = start(
    'src/worker.ts',
    [],
    {
      ...workerSettings({ lab: lab.name, folder: lab.folder, temporal: lab.temporal }),
      BRAID_STATE: join(folder, 'store'),
      BRAID_BLUEPRINTS: join(folder, 'blueprints'),
      BRAID_TASK_QUEUE: taskQueue,
    },
    folder,
  );
  workers.push(worker);
  await worker.said('worker ready');
  await vi.waitUntil(() => braid.hasWorker(), { timeout: 30_000, interval: 100 });
}

async function stopWorkers(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  for (const { child, ended } of workers.splice(0)) {
    child.kill(signal);
    const { stdout, stderr } = await ended;
    said.push(stdout, stderr);
  }
}

/** Waits until a node instance is in a state. */
async function reached(deployment: string, node: string, state: string): Promise<void> {
  const look = async () => {
    const record = await braid.deployment(deployment).catch(() => undefined);
    return Object.values(record?.instances ?? {}).some((each) => each.node === node && each.state === state);
  };
  await vi.waitUntil(look, { timeout: 300_000, interval: 200 });
}

async function rememberSecrets(): Promise<void> {
  const store = await secretStore();
  for (const name of await store.list('')) {
    const value = await store.get(name);
    if (!needles.some(({ secret }) => secret === name)) needles.push(...needlesOf(name, value));
  }
}

/** What Braid leaves on a machine: of its own, in logs, and where people put things. */
async function machinePlaces(): Promise<readonly Place[]> {
  const look =
    'find /var/lib/braid-runs /run/braid-runs /var/log /tmp /var/tmp /home /root -xdev -type f -size -4096k -exec grep -aH "" {} +; journalctl --no-pager --output=cat';
  const machines = await docker.listContainers({ filters });
  return Promise.all(
    machines.map(async ({ Id, Names }) => {
      const container = docker.getContainer(Id);
      const options = { Cmd: ['sh', '-c', look], AttachStdout: true, AttachStderr: true, Tty: true };
      const stream = await (await container.exec(options)).start({ Tty: true });
      const content = `${JSON.stringify(await container.inspect())}\n${await readText(stream)}`;
      return { name: `machine ${Names.join()}`, content };
    }),
  );
}

/** What was found where, for people; and the places are kept for a look at what must be found. */
function finds(places: readonly Place[]): readonly string[] {
  searched.push(...places);
  return places.flatMap(({ name, content }) =>
    needles
      .filter(({ text }) => content.includes(text))
      .map(({ secret, form }) => `${secret} (${form}) in ${name}`),
  );
}

const placesWith = (text: string) =>
  searched.filter(({ content }) => content.includes(text)).map(({ name }) => name);

describe('of the secrets of the chain and of what fails beside it', () => {
  test('there are many, in use', async () => {
    const inputs = await chainInputs('10.134', chain);
    const blueprint = 'hybrid-service-chain/chain.yaml';
    const execution = await braid.start('install', { deployment: chain, blueprint, inputs });
    await reached(`${chain}-kubernetes`, 'kubernetes_master', 'starting');
    await stopWorkers('SIGKILL');
    await startWorker();
    await braid.result('install', execution);

    const failed = braid.run('install', {
      deployment: talkative,
      blueprint: 'talkative/blueprint.yaml',
      inputs: {
        subnet: '10.134.103.0/24',
        address: '10.134.103.2',
        swarm: `${chain}-swarm`,
        note,
        large: largeNote + ' '.repeat(20_000),
      },
    });
    const error = await failed.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ type: 'OperationsFailed' });
    searched.push({ name: 'error', content: `${String(error)}\n${JSON.stringify(error)}` });
    expect(placesWith(`noted ${note}`)).toEqual(['error']);
    expect(placesWith('the password is [secret]')).toEqual(['error']);

    await rememberSecrets();
    const names = new Set(
      needles.map(({ secret }) => secret.replace(/^made\/[^/]+\//, '').replace(/_[a-z0-9]{6}(?=\/)/, '')),
    );
    expect([...names].toSorted()).toEqual(
      [
        'apache1_host/ssh-key',
        'apache2_host/ssh-key',
        'host/ssh-key',
        'kubernetes_host/ssh-key',
        'kubernetes_master/script/kubeconfig',
        'manager/script/worker_token',
        'manager_host/ssh-key',
        'own/admin',
        'own/password',
        'talker/script/made',
        'worker_host/ssh-key',
      ].toSorted(),
    );
    expect(finds([...searched])).toEqual([]);
  });

  test('none is in a history, memo, search attribute or summary; the notes are', async () => {
    expect(finds(await workflowPlaces(client))).toEqual([]);
    const history = `history of install:${talkative}`;
    expect(placesWith(note).some((name) => name.startsWith(history))).toBe(true);
    expect(placesWith(largeNote).some((name) => name.startsWith(history))).toBe(true);
  });

  test('none is in the files of the server; the note is, the compressed one is not', async () => {
    const places = await filePlaces(lab.folder, (path) => path.startsWith(lab.store));
    expect(finds(places)).toEqual([]);
    const database = join(lab.folder, 'temporal.db');
    expect(placesWith(note).some((name) => name.startsWith(database))).toBe(true);
    expect(placesWith(largeNote).some((name) => name.startsWith(database))).toBe(false);
  });

  test('none is in a file outside of the secret store', async () => {
    const places = await filePlaces(folder, (path) => path.startsWith(join(folder, 'store', 'secrets')));
    expect(finds(places)).toEqual([]);
    expect(placesWith(note).some((name) => name.startsWith(join(folder, 'store', 'values')))).toBe(true);
  });

  test('none lies about on a machine; the note does', async () => {
    expect(finds(await machinePlaces())).toEqual([]);
    expect(placesWith(note).some((name) => name.startsWith(`machine /${talkative}`))).toBe(true);
    // What a host told as a function came to the next script as the text that it is.
    const wished = placesWith('wished {"get_secret":"own/admin"} <{\'get_secret\': \'own/admin\'}>');
    expect(wished.some((name) => name.startsWith(`machine /${talkative}`))).toBe(true);
  });

  test('none is in a list of processes, nor in the worker’s log; the note is', async () => {
    await braid.run('uninstall', { deployment: talkative });
    await braid.run('uninstall', { deployment: chain });
    await stopWorkers();
    const lists = [
      { name: 'processes', content: await processes.stop() },
      { name: 'worker', content: said.join('\n') },
      { name: 'server', content: await readFile(join(lab.folder, 'temporal.log'), 'utf8') },
    ];
    expect(finds([...lists, ...(await workflowPlaces(client))])).toEqual([]);
    expect(placesWith(note)).toEqual(expect.arrayContaining(['processes', 'worker']));
  });

  test('none outlives its deployment in the store', async () => {
    expect(await (await secretStore()).list('')).toEqual(['own/admin', 'own/password']);
  });
});
