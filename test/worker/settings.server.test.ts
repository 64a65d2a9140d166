import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createBraid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { openSecretFiles } from '../../src/store/secret-files.ts';
import { type Ran, start } from '../support/processes.ts';

/** The worker is configured by its environment and Temporal's client profile, and by nothing else. */

const { address } = inject('temporal');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-settings-'));
  await mkdir(join(folder, 'blueprints'));
  await writeFile(join(folder, 'file'), '');
  await writeFile(join(folder, 'broken.toml'), 'x = [');
});
afterAll(() => rm(folder, { recursive: true }));

const environment = () => ({
  TEMPORAL_ADDRESS: address,
  BRAID_STATE: join(folder, 'state'),
  BRAID_BLUEPRINTS: join(folder, 'blueprints'),
  BRAID_TASK_QUEUE: 'settings',
  XDG_CONFIG_HOME: folder,
});
const worker = (changes: NodeJS.ProcessEnv): Promise<Ran> =>
  start('src/worker.ts', [], { ...environment(), ...changes }, folder).ended;

describe('a worker that is told something wrong ends at once and says what', () => {
  const key = Buffer.from('too short').toString('base64');
  it.each<[string, () => NodeJS.ProcessEnv, number, RegExp]>([
    ['a malformed key', () => ({ BRAID_SECRET_KEY: key }), 2, /BRAID_SECRET_KEY: give 32 bytes in base64/],
    ['a malformed lab', () => ({ BRAID_LAB: 'My Lab' }), 2, /BRAID_LAB: use small letters/],
    ['no task queue', () => ({ BRAID_TASK_QUEUE: '' }), 2, /BRAID_TASK_QUEUE: must not be empty/],
    [
      'a state folder that cannot be',
      () => ({ BRAID_STATE: join(folder, 'file', 'x') }),
      2,
      /BRAID_STATE: .*ENOTDIR/,
    ],
    [
      'no blueprint folder',
      () => ({ BRAID_BLUEPRINTS: join(folder, 'none') }),
      2,
      /BRAID_BLUEPRINTS: .*ENOENT/,
    ],
    ['no such profile', () => ({ TEMPORAL_PROFILE: 'none' }), 2, /client profile cannot be used: .*none/],
    [
      'a broken profile',
      () => ({ TEMPORAL_CONFIG_FILE: join(folder, 'broken.toml') }),
      2,
      /client profile cannot/,
    ],
    ['no such namespace', () => ({ TEMPORAL_NAMESPACE: 'none' }), 2, /Namespace none is not found/],
    [
      'no server there',
      () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      1,
      /TemporalUnreachable: .*127\.0\.0\.1:1: the connection/,
    ],
    [
      'no such host',
      () => ({ TEMPORAL_ADDRESS: 'no.invalid:7233' }),
      1,
      /TemporalUnreachable: .*no\.invalid/,
    ],
  ])('%s', async (_what, changes, status, message) => {
    const ran = await worker(changes());
    expect(ran).toMatchObject({ status, stderr: expect.stringMatching(message) });
    expect(ran.stderr).not.toMatch(/\n {4}at /);
    expect(ran.stderr).not.toContain(key);
  });
});

it('tells at its start that the key of its store is still to be changed', async () => {
  const [key, old] = ['new', 'old'].map((text) => Buffer.alloc(32, text).toString('base64'));
  const own = { ...environment(), BRAID_STATE: join(folder, 'keyed') };
  await openSecretFiles({ folder: join(folder, 'keyed', 'secrets'), key: old });
  const keys = { BRAID_SECRET_KEY: key, BRAID_SECRET_OLD_KEYS: old };
  const running = start('src/worker.ts', [], { ...own, ...keys }, folder);
  await running.said('worker ready');
  running.child.kill('SIGTERM');
  const { stderr } = await running.ended;
  expect(stderr).toMatch(
    /The store is still encrypted with the key [0-9a-f]{12}\. Once every worker knows the key [0-9a-f]{12}, `braid secret rotate`/,
  );
  expect([key, old].filter((each) => stderr.includes(each ?? ''))).toEqual([]);
  // One that lacks the store’s key does not even start.
  expect(await worker({ BRAID_STATE: own.BRAID_STATE, BRAID_SECRET_KEY: key })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /Unauthorized: The secret store \S+ is encrypted with the key [0-9a-f]{12}, and/,
    ),
  });
});

it('finds its server by the profile alone, works, and ends in order at SIGTERM', async () => {
  const profile = join(folder, 'temporal.toml');
  await writeFile(profile, `[profile.site]\naddress = "${address}"\nnamespace = "default"\n`);
  const { TEMPORAL_ADDRESS: _, ...rest } = environment();
  const settings = { ...rest, TEMPORAL_CONFIG_FILE: profile, TEMPORAL_PROFILE: 'site' };
  const running = start('src/worker.ts', [], settings, folder);
  await running.said('worker ready');

  const connection = await Connection.connect({ address });
  const braid = createBraid({ client: new Client({ connection, dataConverter }), taskQueue: 'settings' });
  const input = { deployment: 'settings', blueprint: 'none.yaml' };
  await expect(braid.run('install', input)).rejects.toMatchObject({ type: 'BlueprintNotFound' });
  await connection.close();

  running.child.kill('SIGTERM');
  const { status, stderr, stdout } = await running.ended;
  expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining("state: 'STOPPED'")]);
});
