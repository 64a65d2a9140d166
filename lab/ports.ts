import { createServer } from 'node:net';

/**
 * A port of the loopback interface that nobody listens on: the preferred one if it is free and not `taken`,
 * else any. Another process may grab it before it is used; the caller then fails and is run again.
 */
export async function freePort(preferred?: number, taken: readonly number[] = []): Promise<number> {
  if (preferred !== undefined && !taken.includes(preferred) && (await tryListen(preferred)) !== undefined) {
    return preferred;
  }
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await tryListen(0);
    if (port !== undefined && !taken.includes(port)) return port;
  }
  throw new Error('No free TCP port on 127.0.0.1.');
}

/** Listens for a moment; the port, or `undefined` if it is in use. */
function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
