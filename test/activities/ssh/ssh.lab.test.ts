import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import { makeSshKeyPair } from '../../../src/activities/ssh/key-pair.ts';
import type { SshPool } from '../../../src/activities/ssh/pool.ts';
import { startMachine, type TestMachine } from '../../support/machine.ts';

const addressSchema = z.object({ port: z.number() });
const never = new AbortController().signal;
let machine: TestMachine;
let pool: SshPool;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(async () => {
  await machine.remove();
});
beforeEach(() => {
  pool = keepConnections({ readyMilliseconds: 3_000 });
});
afterEach(async () => {
  await pool.close();
});

const sessions = async () => Number(await machine.inside('pgrep -c -x -f "sshd: debian(@notty)?" || true'));
const running = async (what: string) => Number(await machine.inside(`pgrep -c -x -f '${what}' || true`));
const sockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
async function until(what: () => Promise<boolean>): Promise<void> {
  await expect.poll(what, { timeout: 10_000, interval: 50 }).toBe(true);
}

describe('a command', () => {
  test('gives its output, errors and status', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const result = await connection.run("echo 'it'\\''s' $(id -un); echo err >&2; exit 7", never);
    expect(result).toEqual({ status: 7, stdout: "it's debian\n", stderr: 'err\n' });
  });

  test('reads its standard input, also much of it, and need not', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const stdin = Buffer.alloc(5_000_000, 'x');
    const read = await connection.run('wc -c', never, { stdin });
    expect(read.stdout.trim()).toBe('5000000');
    expect((await connection.run('true', never, { stdin })).status).toBe(0);
    expect((await connection.run('cat', never)).stdout).toBe('');
  });

  test('is ended when it prints more than is read of it', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    await expect(connection.run('yes 7171', never, { purpose: 'tell its name' })).rejects.toMatchObject({
      type: 'AnswerUnusable',
      message: expect.stringContaining('answered more than 1 MiB when asked to tell its name'),
    });
    expect(await running('yes 7171')).toBe(0);
    expect((await connection.run('echo well', never)).stdout).toBe('well\n');
  });

  test('runs as root with sudo', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const result = await connection.run('id -un; cat', never, { sudo: true, stdin: 'in' });
    expect(result).toMatchObject({ status: 0, stdout: 'root\nin' });
  });

  test('tells the signal that ended it', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const result = await connection.run('kill -KILL $$', never);
    expect(result.status).toBe(137);
    expect(result.stderr).toContain('signal');
  });

  test.each([false, true])('is ended on its host by an abort (sudo: %s)', async (sudo) => {
    const connection = await pool.connect(machine.endpoint, never);
    const controller = new AbortController();
    const run = connection.run('trap "" HUP; sleep 4321 & wait', controller.signal, { sudo });
    await until(async () => (await running('sleep 4321')) === 1);
    controller.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    expect(await running('sleep 4321')).toBe(0);
  });

  test('is given up by an abort while its host is silent', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const controller = new AbortController();
    const run = connection.run('sleep 4324', controller.signal);
    const other = connection.run('sleep 4325', never).then(
      () => 'ended',
      () => 'ended',
    );
    await until(async () => (await running('sleep 432[45]')) === 2);
    await machine.inside('pkill -STOP -x sshd');
    try {
      controller.abort(new Error('enough'));
      await expect(run).rejects.toThrow('enough');
      // It did not wait for the connection to be given up, as other commands do.
      expect(await Promise.race([other, Promise.resolve('running')])).toBe('running');
    } finally {
      await machine.inside('pkill -CONT -x sshd; pkill -xf "sleep 432[45]"');
    }
  });

  test('is ended when its time is over', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const run = connection.run('sleep 4322', never, { timeoutMilliseconds: 200 });
    await expect(run).rejects.toMatchObject({ type: 'NotReady', message: expect.stringContaining('200 ms') });
    expect(await running('sleep 4322')).toBe(0);
  });

  test('20 side by side go over one connection', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => connection.run(`sleep 0.1; echo ${index}`, never)),
    );
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
    expect(await sessions()).toBe(1);
  });
});

describe('a stream', () => {
  test('goes both ways, and its command ends with it', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const stream = await connection.stream('exec cat', never);
    stream.write('ping');
    const answer = await new Promise((resolve) =>
      stream.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(answer).toBe('ping');
    stream.destroy();
    await until(async () => (await running('cat')) === 0);
  });

  test('tells why its command failed', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const stream = await connection.stream('echo "no such socket" >&2; exit 3', never);
    const error = new Promise((resolve) => stream.once('error', resolve));
    stream.resume();
    expect(await error).toMatchObject({
      type: 'ScriptFailed',
      message: expect.stringContaining('no such socket'),
    });
  });

  test('ends with the signal', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const controller = new AbortController();
    const stream = await connection.stream('exec sleep 4323', controller.signal);
    await until(async () => (await running('sleep 4323')) === 1);
    controller.abort();
    await until(async () => (await running('sleep 4323')) === 0);
    expect(stream.destroyed).toBe(true);
  });
});

describe('a file', () => {
  test('is written with its mode, its folders, and replaced', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const content = Buffer.from([0, 1, 2, 255, 10]);
    await connection.writeFile("/tmp/it's/a file", content, 0o640, never);
    await connection.writeFile("/tmp/it's/a file", content, 0o640, never);
    const seen = await machine.inside(`cd "/tmp/it's"; ls -A; stat -c '%a %U' *; base64 *`);
    expect(seen).toBe(`a file\n640 debian\n${content.toString('base64')}\n`);
    await connection.writeFile('/etc/braid/x', '', 0o600, never, { sudo: true });
    expect(await machine.inside("stat -c '%a %U %s' /etc/braid/x")).toBe('600 root 0\n');
  });

  test('that may not be written tells why', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    await expect(connection.writeFile('/etc/no', 'x', 0o600, never)).rejects.toMatchObject({
      type: 'ScriptFailed',
      message: expect.stringMatching(/\/etc\/no .*debian@.*:22: .*Permission denied/s),
    });
  });
});

describe('a connection', () => {
  test('is refused with another key', async () => {
    const { privateKey } = makeSshKeyPair('other');
    await expect(pool.connect({ ...machine.endpoint, privateKey }, never)).rejects.toMatchObject({
      type: 'Unauthorized',
      message: expect.stringContaining(`debian@${machine.endpoint.host}:22`),
    });
    await expect(
      pool.connect({ ...machine.endpoint, privateKey: 'no key at all' }, never),
    ).rejects.toMatchObject({ type: 'Unauthorized' });
  });

  test('is refused with another host key, of any kind', async () => {
    const hostKey = makeSshKeyPair('other').publicKey;
    const ecdsa = `ecdsa-sha2-nistp256 ${hostKey.split(' ')[1] ?? ''}`;
    for (const wrong of [hostKey, ecdsa]) {
      await expect(pool.connect({ ...machine.endpoint, hostKey: wrong }, never)).rejects.toMatchObject({
        type: 'HostKeyMismatch',
        nonRetryable: true,
      });
    }
  });

  test('to nobody is unreachable', async () => {
    const unreachable = { type: 'Unreachable', nonRetryable: false };
    await expect(pool.connect({ ...machine.endpoint, port: 23 }, never)).rejects.toMatchObject(unreachable);
  });

  test('to a host that says nothing is unreachable in time, and sooner given up', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    const hasty = keepConnections({ readyMilliseconds: 500 });
    try {
      await once(silent, 'listening');
      const { port } = addressSchema.parse(silent.address());
      const endpoint = { ...machine.endpoint, host: '127.0.0.1', port };
      const timedOut = hasty.connect(endpoint, never).catch((error: unknown) => error);
      await expect(hasty.connect(endpoint, AbortSignal.timeout(50))).rejects.toMatchObject({
        name: 'TimeoutError',
      });
      expect(await timedOut).toMatchObject({
        type: 'Unreachable',
        message: expect.stringContaining(`debian@127.0.0.1:${port}`),
      });
    } finally {
      await hasty.close();
      silent.close();
    }
  });

  test('that breaks is told to its command, and made anew for the next', async () => {
    const connection = await pool.connect(machine.endpoint, never);
    const broken = connection.run('sleep 20', never).catch((error: unknown) => error);
    await until(async () => (await running('sleep 20')) === 1);
    await machine.inside('pkill -KILL -x -f "sshd: debian@notty"');
    expect(await broken).toMatchObject({ type: 'Unreachable' });
    expect((await connection.run('echo again', never)).stdout).toBe('again\n');
    await machine.inside('pkill -KILL -x -f "sshd: debian@notty"');
    expect((await connection.run('echo and again', never)).stdout).toBe('and again\n');
  });

  test('is shared, and closed when idle', async () => {
    const short = keepConnections({ idleMilliseconds: 700 });
    try {
      await until(async () => (await sessions()) === 0);
      await Promise.all(Array.from({ length: 5 }, () => short.connect(machine.endpoint, never)));
      await until(async () => (await sessions()) === 1);
      await until(async () => (await sessions()) === 0);
      const connection = await short.connect(machine.endpoint, never);
      expect((await connection.run('echo back', never)).stdout).toBe('back\n');
    } finally {
      await short.close();
    }
  });
});

test('a connection to a host that is gone keeps no process from ending', async () => {
  const before = sockets();
  await (await pool.connect(machine.endpoint, never)).run('true', never);
  expect(sockets()).toBe(before + 1);
  await machine.inside('iptables -I INPUT -p tcp --dport 22 -j DROP');
  try {
    await pool.close();
    await until(async () => sockets() === before);
  } finally {
    await machine.inside('iptables -D INPUT -p tcp --dport 22 -j DROP');
  }
});
