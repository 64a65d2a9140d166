import type { ServerChannel } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { countRequests } from '../../../src/activities/swarm/access-log.ts';
import type { SwarmApi } from '../../../src/activities/swarm/api.ts';
import { withSwarm } from '../../../src/activities/swarm/connection.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import { secretsInMemory } from '../../support/operation.ts';
import { flood, type HostileHost, startHostileHost } from '../../support/hostile-host.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
const mebibyte = 1024 * 1024;
const pool = keepConnections();
let host: HostileHost | undefined;
afterEach(async () => {
  await pool.close();
  await host?.close();
});

/** Asks a manager whose engine answers each request as is told. */
async function ask<Result>(
  answer: (channel: ServerChannel) => void,
  use: (swarm: SwarmApi) => Promise<Result>,
): Promise<Result> {
  host = await startHostileHost((channel) => channel.once('data', () => answer(channel)));
  const { host: address, port, user, hostKey, privateKey } = host.endpoint;
  const ssh = { host: address, port, user, host_key: hostKey, key: privateKey };
  const tools = { secrets: secretsInMemory(), ssh: pool, signal: new AbortController().signal };
  return withSwarm({ manager_ip: '10.0.0.1', ssh }, tools, use);
}

function chunk(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')]);
}

describe('a manager', () => {
  test.each([200, 500])('whose answer with status %i has no end is not listened to', async (status) => {
    const run = ask(
      (channel) => {
        channel.write(ok.replace('200', String(status)));
        flood(channel, chunk(Buffer.alloc(65_536, '[')));
      },
      (swarm) => swarm.nodes(),
    );
    await expect(run).rejects.toMatchObject({
      type: 'AnswerUnusable',
      message:
        'The Docker engine of 10.0.0.1 answered more than 8 MiB when asked to list nodes; the rest was not read.',
    });
  });

  test('whose refusal of a log has no end is not listened to either', async () => {
    const run = ask(
      (channel) => {
        channel.write(ok.replace('200', '500'));
        flood(channel, chunk(Buffer.alloc(65_536, 'x')));
      },
      (swarm) => swarm.taskLog('task', 'all', countRequests),
    );
    await expect(run).rejects.toMatchObject({ type: 'AnswerUnusable' });
  });

  test.each([
    ['words', '"nonsense"'],
    ['other keys', '[{"ID": 7}]'],
    ['more levels than can be read', `[{"Spec": ${'['.repeat(100_000)}${']'.repeat(100_000)}}]`],
  ])('that answers %s is not understood', async (_what, body) => {
    const run = ask(
      (channel) =>
        void channel.write(
          Buffer.concat([Buffer.from(ok), chunk(Buffer.from(body)), chunk(Buffer.alloc(0))]),
        ),
      (swarm) => swarm.servicesByLabels([]),
    );
    await expect(run).rejects.toMatchObject({ type: 'AnswerUnusable' });
  });
});

test('an access log of 200 MiB is counted, and other work goes on meanwhile', async () => {
  const lines = '10.0.0.9 "GET / HTTP/1.1" 200 upstream=10.0.0.1:80 upstream_status=200 time=0.002\n'.repeat(
    800,
  );
  const head = Buffer.alloc(8);
  head.writeUInt8(1, 0);
  head.writeUInt32BE(lines.length, 4);
  const piece = chunk(Buffer.concat([head, Buffer.from(lines)]));
  const pieces = Math.ceil((200 * mebibyte) / lines.length);
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  const before = process.memoryUsage().rss;
  const counted = await ask(
    (channel) => {
      channel.write(ok);
      let written = 0;
      const write = (): void => {
        while (written < pieces) {
          written += 1;
          if (!channel.write(piece)) return;
        }
        channel.write('0\r\n\r\n');
        channel.off('drain', write);
      };
      channel.on('drain', write);
      write();
    },
    (swarm) => swarm.taskLog('task', 'all', countRequests),
  );
  clearInterval(turning);
  expect(counted).toEqual({ requests: pieces * 800, 'requests to 10.0.0.1:80': pieces * 800 });
  expect(turns).toBeGreaterThan(50);
  expect((process.memoryUsage().rss - before) / mebibyte).toBeLessThan(150);
}, 60_000);
