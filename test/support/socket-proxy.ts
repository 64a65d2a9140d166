import { connect, createServer, type Socket } from 'node:net';
import { rm } from 'node:fs/promises';

/** A way to a Unix socket that can be taken away and given back. */
export type SocketProxy = {
  readonly path: string;
  /** Nothing gets through, and what was open is cut. */
  close(): Promise<void>;
  open(): Promise<void>;
};

export async function startSocketProxy(path: string, target: string): Promise<SocketProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const other = connect(target);
    for (const each of [socket, other]) {
      sockets.add(each);
      each.on('close', () => sockets.delete(each));
      each.on('error', () => each.destroy());
    }
    socket.pipe(other).pipe(socket);
  });
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    await rm(path, { force: true });
  };
  await open();
  return { path, open, close };
}
