import { createHash } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { failure } from '../../contracts/failure.ts';
import { beforeEffect } from '../lease.ts';
import { untilAborted } from './abort.ts';
import { openChannel, runToEnd, streamOf } from './command.ts';
import { dial, type DialOptions } from './dial.ts';
import { endpointName } from './endpoint.ts';
import type { AnswerBound, SshConnection, SshEndpoint, SshPool } from './pool.ts';
import { markCommand, type MarkedCommand } from './remote-process.ts';
import { makeSlots, type Slots } from './slots.ts';
import { writeFileOver } from './write-file.ts';

export type KeptConnectionsOptions = {
  /** How long a connection without commands is kept. Default: one minute. */
  readonly idleMilliseconds?: number;
  /** How long a host may take to let us in. Default: 10 seconds. */
  readonly readyMilliseconds?: number;
  /** After three without an answer a connection is broken. Default: 5 seconds. */
  readonly keepaliveMilliseconds?: number;
  /** Commands side by side over one connection; sshd's MaxSessions is 10. Default: 8. */
  readonly channels?: number;
};

/** One connection an endpoint, over which all its commands go. */
export function keepConnections(options: KeptConnectionsOptions = {}): SshPool {
  const kept = new Map<string, Kept>();
  const obtain = (endpoint: SshEndpoint): Kept => {
    const key = keyOf(endpoint);
    const present = kept.get(key);
    if (present !== undefined) return present;
    const made = open(endpoint, options, () => {
      if (kept.get(key) === made) kept.delete(key);
    });
    kept.set(key, made);
    return made;
  };
  return {
    async connect(endpoint, signal) {
      await untilAborted(obtain(endpoint).client, signal);
      return connectionTo(endpoint, () => obtain(endpoint));
    },
    async close() {
      const all = [...kept.values()];
      kept.clear();
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

type Kept = {
  readonly client: Promise<Client>;
  readonly slots: Slots;
  readonly close: () => Promise<void>;
};

/** Another key or host key is another connection: what one was let in with says nothing of the other. */
function keyOf({ host, port, user, privateKey, password, hostKey }: SshEndpoint): string {
  const keys = createHash('sha256')
    .update(JSON.stringify([privateKey, password, hostKey]))
    .digest('hex');
  return JSON.stringify([host, port, user, keys]);
}

function open(endpoint: SshEndpoint, options: KeptConnectionsOptions, forget: () => void): Kept {
  let gone = false;
  let idleTimer: NodeJS.Timeout | undefined;
  const leave = (): void => {
    gone = true;
    clearTimeout(idleTimer);
    forget();
  };
  const client = dial(endpoint, dialOptions(options));
  const close = async (): Promise<void> => {
    leave();
    await client.then(hangUp, () => undefined);
  };
  const closeWhenIdle = (): void => {
    clearTimeout(idleTimer);
    if (gone) return;
    idleTimer = setTimeout(() => {
      if (slots.busy() === 0) void close();
    }, options.idleMilliseconds ?? 60_000).unref();
  };
  const slots = makeSlots(options.channels ?? 8, closeWhenIdle);
  void watch(client, closeWhenIdle, leave);
  return { client, slots, close };
}

async function watch(client: Promise<Client>, onReady: () => void, onClose: () => void): Promise<void> {
  try {
    (await client).on('close', onClose);
    onReady();
  } catch {
    onClose();
  }
}

function dialOptions(options: KeptConnectionsOptions): DialOptions {
  return {
    readyMilliseconds: options.readyMilliseconds ?? 10_000,
    keepaliveMilliseconds: options.keepaliveMilliseconds ?? 5_000,
  };
}

/** Without a goodbye: after one ssh2 can only wait for the host's, which may be gone. */
function hangUp(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, 2_000);
    client.on('close', done);
    client.destroy();
  });
}

function connectionTo(endpoint: SshEndpoint, obtain: () => Kept): SshConnection {
  const connection: SshConnection = {
    async run(command, signal, options = {}) {
      const marked = markCommand(command, needsSudo(endpoint, options.sudo));
      const opened = await openOn(endpoint, obtain, marked, signal);
      try {
        const result = await runToEnd(opened.client, endpoint, marked, opened.channel, signal, options);
        if (options.sudo === true) refuseWithoutSudo(endpoint, result);
        return result;
      } finally {
        opened.release();
      }
    },
    async stream(command, signal, bound = unbounded) {
      const marked = markCommand(command, false);
      const { client, channel, release } = await openOn(endpoint, obtain, marked, signal);
      channel.once('close', release);
      return streamOf(client, endpoint, marked, channel, signal, bound);
    },
    writeFile: (path, content, mode, signal, options = {}) =>
      writeFileOver(connection, endpoint, { path, content, mode, sudo: options.sudo === true }, signal),
  };
  return connection;
}

const unbounded: AnswerBound = { limit: () => Infinity, exceeded: () => undefined };

function needsSudo(endpoint: SshEndpoint, sudo: boolean | undefined): boolean {
  return sudo === true && endpoint.user !== 'root';
}

type Opened = { readonly client: Client; readonly channel: ClientChannel; readonly release: () => void };

/** A kept connection may have died unnoticed: then nothing was started yet, and a new one is made, once. */
async function openOn(
  endpoint: SshEndpoint,
  obtain: () => Kept,
  marked: MarkedCommand,
  signal: AbortSignal,
): Promise<Opened> {
  for (let attempt = 1; ; attempt += 1) {
    const kept = obtain();
    const client = await untilAborted(kept.client, signal);
    const release = await kept.slots.take(signal);
    await beforeEffect().catch((error: unknown) => {
      release();
      throw error;
    });
    try {
      return { client, channel: await openChannel(client, marked.line), release };
    } catch (cause) {
      release();
      if (attempt === 1 && !isRefusal(cause)) {
        void kept.close();
        continue;
      }
      throw failure('Unreachable', `${endpointName(endpoint)} takes no command: ${String(cause)}.`, {
        cause,
      });
    }
  }
}

/** The host is there and says no, as beyond its MaxSessions. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'reason' in error;
}

function refuseWithoutSudo(endpoint: SshEndpoint, result: { status: number; stderr: string }): void {
  if (
    result.status !== 1 ||
    !/^sudo: .*(password is required|not allowed|not in the sudoers)/m.test(result.stderr)
  ) {
    return;
  }
  throw failure('Unauthorized', `${endpointName(endpoint)} may not use sudo without a password.`);
}
