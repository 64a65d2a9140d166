import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

/** A way to a server that can be taken away, made silent, and given back. */
export type SocketProxy = {
  /** Of its own Unix socket; empty when it listens on a port. */
  readonly path: string;
  /** On 127.0.0.1; 0 when it has a Unix socket. */
  readonly port: () => number;
  /** Nothing gets through, and what was open is cut. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Requests get through, and no answers, until it speaks again. */
  silence(): void;
  speak(): void;
  /** Acts in the place of the answer to the n-th HTTP request that changes something, counted from 1 and from now. */
  atChange(number: number, act: () => void): void;
};

/** A Unix socket, or a port; by TLS its certificate is not looked at. */
export type ProxyTarget = string | { readonly host: string; readonly port: number; readonly tls: boolean };

type Pair = {
  readonly client: Socket;
  readonly server: Socket;
  /** Of the request that is answered now; undefined: it changes nothing. */
  change: number | undefined;
  readonly held: Buffer[];
};

const request = /^(GET|HEAD|POST|PUT|PATCH|DELETE) \S/;

/** By whom a proxy passes itself off, in PEM; with it clients come by TLS. */
export type ProxyIdentity = { readonly cert: string; readonly key: string };

/** `path`: of a Unix socket; undefined: a free port of 127.0.0.1. */
export async function startSocketProxy(
  path: string | undefined,
  target: ProxyTarget,
  identity?: ProxyIdentity,
): Promise<SocketProxy> {
  const pairs = new Set<Pair>();
  let silent = false;
  let changes = 0;
  let port = 0;
  let hook: { readonly at: number; readonly act: () => void } | undefined;
  const serve = (client: Socket): void => {
    const pair: Pair = { client, server: dial(target), change: undefined, held: [] };
    pairs.add(pair);
    for (const each of [client, pair.server]) {
      each.on('close', () => {
        pairs.delete(pair);
        client.destroy();
        pair.server.destroy();
      });
      each.on('error', () => each.destroy());
    }
    client.on('data', (chunk: Buffer) => {
      const method = request.exec(chunk.toString('latin1', 0, 16))?.[1];
      if (method !== undefined) pair.change = method === 'GET' || method === 'HEAD' ? undefined : ++changes;
      pair.server.write(chunk);
    });
    pair.server.on('data', (chunk: Buffer) => {
      if (hook !== undefined && pair.change === hook.at) hook.act();
      else if (silent) pair.held.push(chunk);
      else client.write(chunk);
    });
  };
  const server = identity === undefined ? createServer(serve) : createTlsServer(identity, serve);
  const open = async (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    if (path === undefined) server.listen(port, '127.0.0.1', resolve);
    else server.listen(path, resolve);
    await promise;
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  };
  const close = async (): Promise<void> => {
    for (const { client, server: other } of pairs) {
      client.destroy();
      other.destroy();
    }
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    if (path !== undefined) await rm(path, { force: true });
  };
  await open();
  return {
    path: path ?? '',
    port: () => port,
    open,
    close,
    silence: () => {
      silent = true;
    },
    speak: () => {
      silent = false;
      for (const { client, held } of pairs) for (const chunk of held.splice(0)) client.write(chunk);
    },
    atChange: (number, act) => {
      changes = 0;
      hook = { at: number, act };
    },
  };
}

function dial(target: ProxyTarget): Socket {
  if (typeof target === 'string') return connect(target);
  const { host, port, tls } = target;
  return tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect(port, host);
}
