import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createDockerProvider } from '../../../src/activities/machines/docker/index.ts';
import { operations } from '../../../src/activities/traffic/index.ts';
import type { CommandOptions, SshConnection } from '../../../src/activities/ssh/pool.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { OperationResult } from '../../../src/contracts/operation.ts';
import { contextOf, instance, toolsOf } from '../machines/support.ts';

const machines = createDockerProvider({ lab: 'none', socketPath: '/nowhere' });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/`;
}

/** An address at which nothing listens any more. */
async function closedUrl(): Promise<string> {
  const url = await serve(() => {});
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return url;
}

async function run(
  operation: string,
  properties: JsonObject,
  signal = new AbortController().signal,
): Promise<OperationResult> {
  const context = contextOf('chain', instance('probe', properties));
  const result = await operations[operation]?.(context, toolsOf({ machines, signal }));
  return result ?? {};
}

const verify = (properties: JsonObject, signal?: AbortSignal) =>
  run('traffic.probe.verify', properties, signal);
const check = (properties: JsonObject) => run('traffic.probe.check', properties);

function balancer(): RequestListener {
  let turn = 0;
  return (_request, response) => {
    turn += 1;
    response.end(`<html>\n<h1>Apache ${(turn % 2) + 1}</h1>\n`);
  };
}

describe('a probe that expects pages', () => {
  it('ends with the answers as evidence, each on a connection of its own', async () => {
    const ports = new Set<number>();
    const answer = balancer();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort ?? 0);
      answer(request, response);
    });
    const { result } = await verify({ url, expect_bodies: ['Apache 1', 'Apache 2'], requests: 6 });
    expect(result).toMatchObject({
      url,
      from: 'worker',
      expected: '6 good answers in a row, in turn with "Apache 1", "Apache 2"',
    });
    expect(result).toHaveProperty('answers.length', 6);
    expect(result).toHaveProperty(['answers', 0, 'body'], '<h1>Apache 2</h1>');
    expect(ports.size).toBe(6);
  });

  it('bears failures until the pages come', async () => {
    let count = 0;
    const answer = balancer();
    const url = await serve((request, response) => {
      count += 1;
      if (count > 3) return answer(request, response);
      response.statusCode = 502;
      response.end();
    });
    const { result } = await verify({
      url,
      expect_bodies: ['Apache 1', 'Apache 2'],
      requests: 4,
      within: 10,
    });
    expect(result).toHaveProperty('answers.length', 4);
  });

  it('fails for good, telling what was expected and what came', async () => {
    const url = await serve((_request, response) => void response.end('Apache 1'));
    const failing = verify({ url, expect_bodies: ['Apache 1', 'Apache 2'], requests: 3, within: 0.5 });
    await expect(failing).rejects.toMatchObject({
      type: 'TrafficUnexpected',
      nonRetryable: true,
      message: expect.stringMatching(/expected 3 good answers.*never seen: "Apache 2"/),
    });
  });

  it('tells a refusal as curl does', async () => {
    const failing = verify({ url: await closedUrl(), requests: 2, within: 0 });
    await expect(failing).rejects.toMatchObject({ message: expect.stringContaining('curl: (7)') });
  });

  it('tells a timeout as curl does', async () => {
    const url = await serve(() => {});
    await expect(verify({ url, requests: 1, within: 0, timeout: 0.1 })).rejects.toMatchObject({
      message: expect.stringContaining('curl: (28)'),
    });
  });

  it('stops at an abort', async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const verifying = verify({ url }, controller.signal);
    const reason = new Error('cancelled');
    controller.abort(reason);
    await expect(verifying).rejects.toBe(reason);
  });
});

describe('a probe that expects refusal', () => {
  it('passes when no request is answered', async () => {
    const { result } = await verify({ url: await closedUrl(), expect: 'refused', requests: 5 });
    expect(result).toHaveProperty('answers.length', 5);
    expect(result).toHaveProperty(['answers', 4, 'ok'], false);
  });

  it('passes when a gateway says that it reaches nobody', async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 502;
      response.end('Bad Gateway');
    });
    expect((await verify({ url, expect: 'refused', requests: 2 })).result).toHaveProperty(
      'answers.length',
      2,
    );
  });

  it('fails for good at one page', async () => {
    let count = 0;
    const url = await serve((_request, response) => {
      count += 1;
      response.statusCode = count === 2 ? 200 : 502;
      response.end('Apache 1');
    });
    await expect(verify({ url, expect: 'refused' })).rejects.toMatchObject({
      type: 'TrafficUnexpected',
      nonRetryable: true,
      message: expect.stringMatching(/^traffic went through although .*Apache 1/),
    });
    expect(count).toBeLessThan(12);
  });
});

describe('a check', () => {
  it('is healthy when the pages come', async () => {
    const url = await serve(balancer());
    expect((await check({ url, expect_bodies: ['Apache 1', 'Apache 2'] })).result).toMatchObject({
      healthy: true,
    });
  });

  it('tells why it is not', async () => {
    expect((await check({ url: await closedUrl() })).result).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('connection refused'),
    });
  });

  it('asks nothing where refusal was expected', async () => {
    const { result } = await check({ url: await closedUrl(), expect: 'refused' });
    expect(result).toMatchObject({ healthy: true });
  });
});

it.each([
  ['a URL of another kind', { url: 'file:///etc/passwd' }, 'url'],
  ['a wrong expectation', { url: 'http://x/', expect: 'maybe' }, 'expect'],
  ['a machine without a relationship', { url: 'http://x/', from: 'manager' }, 'manager'],
])('refuses %s', async (_what, properties, named) => {
  await expect(verify(properties)).rejects.toMatchObject({
    type: 'OperationInputInvalid',
    message: expect.stringContaining(named),
  });
});

it('tells a machine’s curl the URL where nobody else there reads it', async () => {
  const url = 'http://user:very-secret@10.0.0.1/?token=very-secret';
  const asked: (readonly [string, CommandOptions | undefined])[] = [];
  const connection: SshConnection = {
    run: (command, _signal, options) => {
      asked.push([command, options]);
      return Promise.resolve({ status: 0, stdout: 'page\nbraid-probe 200 0.1\n', stderr: '' });
    },
    stream: () => Promise.reject(new Error('not used')),
    writeFile: () => Promise.reject(new Error('not used')),
  };
  const ssh = { connect: () => Promise.resolve(connection), close: () => Promise.resolve() };
  const endpoint = { host: '10.0.0.2', user: 'debian', key: 'key', host_key: 'ssh-ed25519 AAAA' };
  const host = { id: 'machine_1', properties: {}, runtimeProperties: { ssh: endpoint } };
  const context = contextOf('chain', instance('probe', { url, requests: 1 }, { host }));
  await operations['traffic.probe.verify']?.(context, toolsOf({ machines, ssh }));
  expect(asked).toEqual([
    [
      expect.stringMatching(/^curl (?!.*very-secret)/),
      expect.objectContaining({ stdin: `url = "${url}"\n` }),
    ],
  ]);
});
