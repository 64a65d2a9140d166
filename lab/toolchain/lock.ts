import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Runs `work` while no other process of this user on this machine holds the lock of that name; waits for it.
 * The lock is a socket of the kernel's own namespace of names, which ends with its process: there is no stale one.
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  waiting: () => void = () => undefined,
): Promise<T> {
  const release = await acquire(address(name), waiting);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string, waiting: () => void): Promise<() => Promise<void>> {
  for (let told = false; ; ) {
    const release = await tryAcquire(path);
    if (release !== undefined) return release;
    if (!told) waiting();
    told = true;
    await holderGone(path);
  }
}

async function tryAcquire(path: string): Promise<(() => Promise<void>) | undefined> {
  const waiters = new Set<Socket>();
  const server = createServer((socket) => {
    waiters.add(socket);
    socket.on('error', () => undefined);
  });
  if (!(await listening(server, path))) return undefined;
  return async () => {
    const closed = once(server, 'close');
    server.close();
    for (const waiter of waiters) waiter.destroy();
    await closed;
  };
}

async function listening(server: Server, path: string): Promise<boolean> {
  server.listen(path);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** The holder answers nothing; the connection ends when it lets go or dies. */
function holderGone(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** An abstract socket: its name begins with a zero byte and is in no file system. */
function address(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `\0braid-${process.getuid?.() ?? 0}-${digest}`;
}
