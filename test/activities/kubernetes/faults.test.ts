import { afterEach, describe, expect, it } from 'vitest';
import { call, callText, type Cluster } from '../../../src/activities/kubernetes/cluster/cluster.ts';
import { openChannel, stream } from '../../../src/activities/kubernetes/cluster/http.ts';
import { clusterAt, served, stopServers } from '../../support/kubernetes-server.ts';

const never = new AbortController().signal;
const request = { method: 'GET', path: '/api', what: 'read Pod:default/x' } as const;

afterEach(stopServers);

describe('an answer of the API server', () => {
  it.each([
    [401, 'Unauthorized', 'Unauthorized', 'Unauthorized', false],
    [403, 'Forbidden', 'pods is forbidden: User "x" cannot list resource "pods"', 'Unauthorized', false],
    [403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: small', 'ResourceRejected', false],
    [403, 'Forbidden', 'namespace a is being terminated', 'ResourceRejected', true],
    [400, 'BadRequest', 'unknown field', 'ResourceRejected', false],
    [422, 'Invalid', 'spec.selector: field is immutable', 'ResourceRejected', false],
    [409, 'Conflict', 'the object has been modified', 'ResourceRejected', true],
    [429, 'TooManyRequests', 'later', 'Unreachable', true],
    [500, 'InternalError', 'etcdserver: leader changed', 'Unreachable', true],
    [500, 'InternalError', 'etcdserver: mvcc: database space exceeded', 'ResourceRejected', true],
    [503, '', 'Service Unavailable', 'Unreachable', true],
  ])('%i %s «%s» is %s', async (status, reason, message, code, retryable) => {
    const cluster = await answering(status, JSON.stringify({ kind: 'Status', reason, message }));
    await expect(call(cluster, request, never)).rejects.toMatchObject({
      type: code,
      nonRetryable: !retryable,
      message: expect.stringContaining(message),
    });
  });

  it('does not tell what it was sent', async () => {
    const cluster = await served((incoming, response) => {
      response.statusCode = 422;
      response.end(JSON.stringify({ message: `you are ${incoming.headers.authorization}` }));
    });
    const access = { ...cluster.access, headers: { Authorization: 'Bearer very-secret' } };
    const answered = call({ ...cluster, access, channel: openChannel(access) }, request, never);
    await expect(answered).rejects.toThrow(/you are Bearer \[secret\]$/);
  });

  it('that forbids everything while it starts is Unreachable', async () => {
    const message = 'User "admin" cannot list resource "pods"';
    const starting = await served((_, response) => {
      response.statusCode = 403;
      response.end(JSON.stringify({ reason: 'Forbidden', message }));
    });
    await expect(call(starting, request, never)).rejects.toMatchObject({
      type: 'Unreachable',
      nonRetryable: false,
    });
  });

  it('that says 404 is no error', async () => {
    expect(await call(await answering(404, '{}'), request, never)).toBeUndefined();
  });

  it('that has no end is read no further than told', async () => {
    let sent = 0;
    const endless = await served((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    await expect(call(endless, request, never)).rejects.toMatchObject({
      type: 'ResourceRejected',
      nonRetryable: true,
      message: expect.stringContaining('longer than 16 MiB'),
    });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('that is more than it looks is none', async () => {
    const deep = await answering(200, `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    await expect(call(deep, request, never)).rejects.toThrow('too much to read');
    const many = await answering(200, `{"items": [${'{},'.repeat(400_000)}{}]}`);
    await expect(call(many, request, never)).rejects.toThrow('too much to read');
    const quoted = { a: '[{\\"['.repeat(1000) };
    expect(await call(await answering(200, JSON.stringify(quoted)), request, never)).toEqual(quoted);
  });

  it('that is a text is cut', async () => {
    const cluster = await answering(200, 'x'.repeat(1024 * 1024));
    expect(await callText(cluster, request, 10, never)).toBe('xxxxxxxxxx');
  });

  it('that goes on for ever wakes with every part, whole lines or not', async () => {
    const cluster = await served((_, response) => void response.write('{"type": "ADD'));
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = new AbortController();
    const streaming = stream(cluster.channel, request, resolve, stop.signal);
    await promise;
    stop.abort(new Error('enough'));
    await expect(streaming).rejects.toThrow('enough');
  });

  it('that is a page of something in between is Unreachable', async () => {
    const page = await answering(200, '<html>Welcome</html>');
    await expect(call(page, request, never)).rejects.toMatchObject({ type: 'Unreachable' });
    const gateway = await answering(502, '<html>Bad Gateway</html>');
    await expect(call(gateway, request, never)).rejects.toThrow('Bad Gateway');
  });
});

describe('a connection', () => {
  it('that is refused or cut is Unreachable', async () => {
    await expect(call(clusterAt('http://127.0.0.1:1'), request, never)).rejects.toMatchObject({
      type: 'Unreachable',
      nonRetryable: false,
    });
    const cut = await served((incoming) => incoming.socket.destroy());
    await expect(call(cut, request, never)).rejects.toMatchObject({ type: 'Unreachable' });
  });

  it('that was closed while it was kept is opened again', async () => {
    const used = new WeakSet();
    const cluster = await served((incoming, response) => {
      if (used.has(incoming.socket)) incoming.socket.destroy();
      else response.end('{"well": true}');
      used.add(incoming.socket);
    });
    expect(await call(cluster, request, never)).toEqual({ well: true });
    expect(await call(cluster, request, never)).toEqual({ well: true });
  });

  it('ends with the signal, and then tells that alone', async () => {
    const stop = new AbortController();
    const cluster = await served(() => stop.abort(new Error('cancelled')));
    await expect(call(cluster, request, stop.signal)).rejects.toThrow('cancelled');
  });
});

async function answering(status: number, body: string): Promise<Cluster> {
  return await served((incoming, response) => {
    if (incoming.url === '/readyz') {
      response.end('ok');
      return;
    }
    response.statusCode = status;
    response.end(body);
  });
}
