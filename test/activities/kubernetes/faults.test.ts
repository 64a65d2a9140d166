import { ApplicationFailure } from '@temporalio/common';
import { afterEach, describe, expect, it } from 'vitest';
import { call, type Cluster, clusterOf } from '../../../src/activities/kubernetes/cluster/cluster.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
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

describe('a kubeconfig', () => {
  it.each([
    ['turns verification off', { 'insecure-skip-tls-verify': true }, {}, 'verification'],
    ['speaks without TLS', { server: 'http://127.0.0.1' }, {}, 'without TLS'],
    [
      'runs a command',
      {},
      { exec: { command: 'id', apiVersion: 'client.authentication.k8s.io/v1' } },
      'exec',
    ],
    ['names a file of the worker', {}, { 'client-key': '/etc/shadow' }, 'files'],
    ['asks a provider', {}, { 'auth-provider': { name: 'gcp', config: {} } }, 'auth-provider'],
  ])('that %s is refused', async (_, cluster, user, reason) => {
    await expect(clusterOf(kubeconfig(cluster, user))).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      message: expect.stringContaining(reason),
    });
  });

  it('that cannot be read is refused without its text', async () => {
    const error: unknown = await clusterOf('token: [very-secret').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(String(error)).not.toContain('very-secret');
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

function kubeconfig(cluster: JsonObject, user: JsonObject): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1', ...cluster } }],
    users: [{ name: 'u', user: { token: 'secret-token', ...user } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
