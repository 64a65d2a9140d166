import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyId } from '../../src/connection/payload-cipher.ts';
import { braid, type Running, start } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';

/** What the server keeps, with a payload key and without. */

const [key, newer] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const sealed = { BRAID_TASK_QUEUE: 'sealed', BRAID_PAYLOAD_KEY: key };
const rotated = { ...sealed, BRAID_PAYLOAD_KEY: newer, BRAID_PAYLOAD_OLD_KEYS: key };
const plain = { BRAID_TASK_QUEUE: 'plain' };
type Settings = Readonly<Record<string, string>>;

let station: Station;
const workers: Running[] = [];

beforeAll(async () => {
  station = await startStation();
  await Promise.all([startWorker(sealed), startWorker(plain)]);
}, 120_000);
afterAll(async () => {
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
  await station?.stop();
});

async function startWorker(settings: Settings): Promise<Running> {
  const environment = { ...station.environment, ...settings };
  const worker = start('src/worker.ts', [], environment, station.folder);
  workers.push(worker);
  await worker.said('worker ready');
  return worker;
}

const status = (settings: Settings) => run(settings, 'status', 'shut');
const run = (settings: Settings, ...args: string[]) => braid(args, { ...station.environment, ...settings });

/** Whether the server’s database holds the text as it is. */
async function isReadable(text: string): Promise<boolean> {
  const folder = join(station.folder, 'temporal');
  const files = (await readdir(folder)).filter((name) => name.startsWith('temporal.db'));
  const contents = await Promise.all(files.map((name) => readFile(join(folder, name))));
  return contents.some((content) => content.includes(text));
}

async function installBoth(settings: Settings, word: string): Promise<void> {
  const well = await run(settings, 'install', word, 'tiny/blueprint.yaml', '-i', `greeting=${word}-property`);
  expect(well).toMatchObject({ status: 0, stdout: expect.stringContaining(`${word}-property`) });
  const late = ['install', `${word}-late`, 'slow/blueprint.yaml', '-i', 'within=1'];
  expect(await run(settings, ...late)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('TrafficUnexpected'),
  });
}

/** A property, a failure’s message, a summary. */
const texts = (word: string) => [
  `${word}-property`,
  `The install of ${word}-late did not succeed`,
  `The deployment ${word}`,
];

async function readable(all: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(all.map(async (text) => ((await isReadable(text)) ? [text] : [])));
  return found.flat();
}

describe('the server’s database', () => {
  test('holds properties and messages as they are, without a key', async () => {
    await installBoth(plain, 'open');
    expect(await readable(texts('open'))).toEqual(texts('open'));
  });

  test('holds none of them with a key', async () => {
    await installBoth(sealed, 'shut');
    expect(await readable(['install:shut', 'Encoded failure', ...texts('shut')])).toEqual([
      'install:shut',
      'Encoded failure',
    ]);
  });
});

describe('a command', () => {
  test('with the key reads', async () => {
    expect(await status(sealed)).toMatchObject({ status: 0 });
  });

  test('with the key reads why an operation is tried again', async () => {
    const environment = { ...station.environment, ...sealed };
    const install = start('src/cli/main.mjs', ['install', 'away', 'unreachable/blueprint.yaml'], environment);
    await install.said('is tried again: Unreachable: nobody@127.0.0.1:9 does not answer');
    expect(await readable(['nobody@127.0.0.1:9 does not answer'])).toEqual([]);
    expect(await run(sealed, 'cancel', 'away')).toMatchObject({ status: 0 });
    expect(await install.ended).toMatchObject({ status: 1 });
    expect(await run(sealed, 'uninstall', 'away')).toMatchObject({ status: 0 });
  });

  test.each([
    ['another key', { ...sealed, BRAID_PAYLOAD_KEY: newer }, `this command with the key ${keyId(newer)}`],
    ['no key', { BRAID_TASK_QUEUE: 'sealed' }, 'this command without a key'],
  ])('with %s is told so before anything is sent', async (_what, settings, own) => {
    expect(await status(settings)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        `ConfigurationInvalid: The worker of the task queue sealed works with the key ${keyId(key)}, ${own}.`,
      ),
    });
  });

  test('with a malformed key is told so, but not what it is', async () => {
    const { status: exit, stderr } = await status({ ...sealed, BRAID_PAYLOAD_KEY: 'c2hvcnQ=' });
    expect([exit, stderr]).toEqual([
      2,
      expect.stringContaining('BRAID_PAYLOAD_KEY: give 32 bytes in base64'),
    ]);
    expect(stderr).not.toContain('c2hvcnQ=');
  });
});

test('a worker with a new key reads what the old one encrypted', async () => {
  for (const { child } of workers.splice(0, 1)) child.kill('SIGTERM');
  await startWorker(rotated);
  expect(await run(rotated, 'status', 'shut')).toMatchObject({ status: 0 });
  expect(await run(rotated, 'uninstall', 'shut')).toMatchObject({ status: 0 });
});
