import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectEngine } from '../../../src/activities/machines/docker/engine.ts';

const never = new AbortController().signal;

test('an engine that takes a request and says nothing is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'braid-engine-'));
  const path = join(folder, 'docker.sock');
  const server = createServer((socket) => socket.on('error', () => socket.destroy())).unref();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    const engine = connectEngine(path, 'test', 50);
    await expect(engine.call('answer', never, () => engine.docker.ping())).rejects.toMatchObject({
      type: 'ProviderUnavailable',
      nonRetryable: false,
      message: `the Docker engine at ${path} said nothing for 0.05 s when asked to answer; restart it`,
    });
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test.each(['EACCES', 'EPERM'])('a socket that this user may not open (%s) is told for good', async (code) => {
  const engine = connectEngine('/run/docker.sock', 'test', 1_000);
  const refused = Object.assign(new Error(`connect ${code}`), { code });
  await expect(engine.call('answer', never, () => Promise.reject(refused))).rejects.toMatchObject({
    type: 'Unauthorized',
    nonRetryable: true,
    message: expect.stringContaining('may not open the Docker engine’s socket /run/docker.sock'),
  });
});

test('a cancelled call is told as that alone', async () => {
  const engine = connectEngine('/nowhere', 'test', 1_000);
  const signal = AbortSignal.abort(new Error('cancelled'));
  await expect(engine.call('answer', signal, () => engine.docker.ping())).rejects.toThrow('cancelled');
});
