import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Cluster, clusterOf } from '../../../../src/activities/kubernetes/cluster/cluster.ts';
import { makeCertificates } from '../../../support/certificates.ts';
import { kubeconfig } from '../../../support/kubernetes.ts';

const folder = mkdtempSync(join(tmpdir(), 'braid-proxy-'));
const never = new AbortController().signal;
const request = { method: 'GET', path: '/version', what: 'tell its version' } as const;
const sockets = new Set<Duplex>();
const seen: IncomingMessage[] = [];
let authority: Buffer;
let server: Server;
let proxy: Server;

/** Lets through who has the password; everything is sent on to the one server. */
function serveProxy(incoming: IncomingMessage, client: Duplex): void {
  seen.push(incoming);
  sockets.add(client.on('error', () => undefined));
  if (incoming.headers['proxy-authorization'] !== `Basic ${Buffer.from('me:p@ss').toString('base64')}`)
    return void client.end('HTTP/1.1 407 Who are you\r\n\r\n');
  const target = connect(portOf(server), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    target.pipe(client).pipe(target);
  });
  sockets.add(target.on('error', () => undefined));
}

function portOf(listening: Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return (listening.address() as AddressInfo).port;
}

beforeAll(async () => {
  const { ca, server: cert, serverKey: key } = makeCertificates(folder);
  authority = readFileSync(ca);
  server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) =>
    response.end('{"well": true}'),
  );
  proxy = createServer();
  proxy.on('connect', serveProxy);
  for (const each of [server, proxy]) await once(each.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const each of [server, proxy]) each.close();
  rmSync(folder, { recursive: true });
});

async function through(proxyUrl: string, data = authority): Promise<Cluster> {
  const config = kubeconfig(
    {
      server: `https://localhost:${portOf(server)}`,
      'certificate-authority-data': data.toString('base64'),
      'proxy-url': proxyUrl,
    },
    {},
  );
  return await clusterOf(config, new Set(['proxy']), never);
}

describe('a proxy that a kubeconfig names', () => {
  it('carries the connection to the server, which it cannot read', async () => {
    const cluster = await through(`http://me:p%40ss@127.0.0.1:${portOf(proxy)}`);
    expect(await call(cluster, request, never)).toEqual({ well: true });
    expect(seen.at(-1)?.url).toBe(`localhost:${portOf(server)}`);
    expect(seen.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['that lets nobody in', () => `http://127.0.0.1:${portOf(proxy)}`, 'it answers 407'],
    ['that is not there', () => 'http://127.0.0.1:1', 'ECONNREFUSED'],
  ])('%s is Unreachable', async (_, url, reason) => {
    await expect(call(await through(url()), request, never)).rejects.toMatchObject({
      type: 'Unreachable',
      message: expect.stringMatching(
        new RegExp(`the proxy 127\\.0\\.0\\.1:\\d+ cannot be used: .*${reason}`),
      ),
    });
  });

  it('cannot stand in for the server', async () => {
    const others = readFileSync(makeCertificates(mkdtempSync(join(folder, 'others-'))).ca);
    const cluster = await through(`http://me:p%40ss@127.0.0.1:${portOf(proxy)}`, others);
    await expect(call(cluster, request, never)).rejects.toMatchObject({ type: 'Unauthorized' });
  });
});
