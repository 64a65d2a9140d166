import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  identify,
  isAlive,
  parseStat,
  runningDaemon,
  startDaemon,
  stopDaemon,
  tellLog,
} from '../../lab/process.ts';

let folder: string;
const sleeper = () => ({ command: 'sleep', args: ['60'], cwd: folder, env: process.env });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-process-'));
});
afterEach(async () => {
  await stopDaemon({ folder, name: 'sleeper' });
  await rm(folder, { recursive: true });
});

describe('a daemon', () => {
  it('is started once, found again, and stopped', async () => {
    const daemon = { folder, name: 'sleeper' };
    const first = await startDaemon(daemon, sleeper());
    expect(await startDaemon(daemon, sleeper())).toEqual(first);
    expect(await runningDaemon(daemon)).toEqual(first);
    expect(await stopDaemon(daemon)).toBe(true);
    expect(await isAlive(first)).toBe(false);
    expect(await runningDaemon(daemon)).toBeUndefined();
    expect(await stopDaemon(daemon)).toBe(false);
  });

  it('writes what it says to its log', async () => {
    const daemon = { folder, name: 'sleeper' };
    await startDaemon(daemon, {
      command: 'sh',
      args: ['-c', 'echo to both; echo ends >&2; exec sleep 60'],
      cwd: folder,
      env: process.env,
    });
    await expect.poll(() => tellLog(daemon)).toContain('to both\nends');
  });

  it('that cannot be started says so and leaves no process file', async () => {
    const daemon = { folder, name: 'sleeper' };
    await expect(startDaemon(daemon, { ...sleeper(), command: join(folder, 'absent') })).rejects.toThrow(
      'ENOENT',
    );
    expect(await runningDaemon(daemon)).toBeUndefined();
  });

  it('that does not end when asked is ended', async () => {
    const daemon = { folder, name: 'sleeper' };
    const stubborn = {
      ...sleeper(),
      command: 'sh',
      args: ['-c', "trap '' TERM; echo up; while :; do sleep 1; done"],
    };
    const identity = await startDaemon(daemon, stubborn);
    await expect.poll(() => tellLog(daemon)).toContain('up');
    await stopDaemon(daemon, 100);
    await expect.poll(() => isAlive(identity)).toBe(false);
  });
});

describe('a process file of the past', () => {
  it.each([
    ['of another process that has the number now', { started: '1' }],
    ['of before a reboot', { boot: 'another' }],
  ])('%s stops nobody', async (_, change) => {
    const stranger = spawn('sleep', ['60']);
    try {
      await once(stranger, 'spawn');
      const identity = await identify(stranger.pid ?? 0);
      await writeFile(join(folder, 'sleeper.pid'), JSON.stringify({ ...identity, ...change }));
      const daemon = { folder, name: 'sleeper' };
      expect(await runningDaemon(daemon)).toBeUndefined();
      expect(await stopDaemon(daemon)).toBe(false);
      expect(stranger.exitCode).toBeNull();
      expect(await identify(stranger.pid ?? 0)).toEqual(identity);
    } finally {
      stranger.kill();
    }
  });

  it.each(['', '{"pid": 1', '{"pid": 1, "started": "1", "boot": "1"}', '4711'])(
    'that holds %j is nobody’s',
    async (text) => {
      await writeFile(join(folder, 'sleeper.pid'), text);
      expect(await runningDaemon({ folder, name: 'sleeper' })).toBeUndefined();
    },
  );
});

it('reads the start time behind a command with brackets and spaces', () => {
  const fields = Array.from({ length: 50 }, (_, index) => String(index));
  expect(parseStat(`12 (a ) b) ${['S', ...fields].join(' ')}`)).toEqual({ state: 'S', started: '18' });
});

it('knows itself in the kernel’s own words', async () => {
  const stat = await readFile('/proc/self/stat', 'utf8');
  expect((await identify(process.pid))?.started).toBe(stat.split(' ')[21]);
  expect(await identify(4_194_304)).toBeUndefined();
});
