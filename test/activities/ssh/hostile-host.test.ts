import { text } from 'node:stream/consumers';
import type { ServerChannel } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { callProgram } from '../../../src/activities/ssh/host-program.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { SshConnection } from '../../../src/activities/ssh/pool.ts';
import { flood, type HostileHost, say, startHostileHost } from '../../support/hostile-host.ts';

const never = new AbortController().signal;
const mebibyte = 1024 * 1024;
const pool = keepConnections();
let host: HostileHost | undefined;

async function connected(answer: (channel: ServerChannel, command: string) => void): Promise<SshConnection> {
  host = await startHostileHost(answer);
  return pool.connect(host.endpoint, never);
}

afterEach(async () => {
  await pool.close();
  await host?.close();
});

describe('a host that does not stop printing', () => {
  test.each(['stdout', 'stderr'] as const)('is read no further than the limit, on %s', async (output) => {
    let written: (() => number) | undefined;
    const connection = await connected((channel) => {
      if (output === 'stdout') written = flood(channel, Buffer.alloc(32_768, 'x'));
      else channel.stderr.write(Buffer.alloc(2 * mebibyte, 'x'));
    });
    await expect(connection.run('hostname', never, { purpose: 'tell its name' })).rejects.toMatchObject({
      type: 'AnswerUnusable',
      message: expect.stringMatching(
        /^debian@127\.0\.0\.1:\d+ answered more than 1 MiB when asked to tell its name/,
      ),
    });
    expect(written?.() ?? 0).toBeLessThan(16 * mebibyte);
  });

  test('is read as far as whoever asks wants', async () => {
    const connection = await connected((channel) => say(channel, 'x'.repeat(2_000)));
    await expect(connection.run('true', never, { outputLimit: 1_999 })).rejects.toMatchObject({
      type: 'AnswerUnusable',
    });
    expect((await connection.run('true', never, { outputLimit: 2_000 })).stdout).toHaveLength(2_000);
  });

  test('ends a stream whose answers are bounded, each by itself', async () => {
    const connection = await connected((channel) => {
      channel.on('data', () => void channel.write('x'.repeat(600)));
    });
    let exceeded = 0;
    const bound = { limit: () => 1_000, exceeded: () => void (exceeded += 1) };
    const stream = await connection.stream('cat', never, bound);
    for (let count = 0; count < 5; count += 1) {
      stream.write('?');
      await new Promise((resolve) => stream.once('data', resolve));
    }
    expect(exceeded).toBe(0);
    await pool.close();
    await host?.close();
    const flooded = await connected((channel) => void flood(channel, Buffer.alloc(32_768, 'x')));
    await expect(text(await flooded.stream('cat', never, bound))).rejects.toThrow(/premature/i);
    expect(exceeded).toBe(1);
  });
});

async function ask(connection: SshConnection): Promise<unknown> {
  const program = { program: '', purpose: 'run scripts' };
  if (host === undefined) throw new Error('no host');
  return callProgram(connection, host.endpoint, program, {}, never);
}

describe('a host program', () => {
  test('that answers without end fails', async () => {
    const connection = await connected((channel) => void flood(channel, Buffer.alloc(32_768, '[')));
    await expect(ask(connection)).rejects.toMatchObject({
      type: 'AnswerUnusable',
      message: expect.stringContaining('more than 4 MiB when asked to run scripts'),
    });
  });

  test.each([
    ['no JSON', 'Traceback (most recent call last):'],
    ['JSON of a million levels', '['.repeat(1_000_000)],
  ])('that answers %s tells nothing', async (_what, answer) => {
    const connection = await connected((channel) => say(channel, answer));
    expect(await ask(connection)).toBeUndefined();
  });
});
