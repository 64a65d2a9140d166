import { once } from 'node:events';
import ssh2, { type ServerChannel } from 'ssh2';
import { z } from 'zod';
import { makeSshKeyPair } from '../../src/activities/ssh/key-pair.ts';
import type { SshEndpoint } from '../../src/activities/ssh/pool.ts';

/** A host that lets everybody in, and answers commands as a test wants. */
export type HostileHost = { readonly endpoint: SshEndpoint; readonly close: () => Promise<void> };

export async function startHostileHost(
  answer: (channel: ServerChannel, command: string) => void,
): Promise<HostileHost> {
  const hostKey = makeSshKeyPair('host');
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    clients.add(client);
    client.on('error', () => undefined).on('close', () => clients.delete(client));
    client.on('authentication', (attempt) => attempt.accept());
    client.on('session', (accept) => {
      accept().on('exec', (acceptCommand, _reject, { command }) => {
        const channel = acceptCommand();
        channel.on('error', () => undefined);
        // How a command is ended is no matter of what it answers.
        if (command.includes('/proc/[0-9]*/environ')) say(channel, '');
        else answer(channel, command);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const { privateKey } = makeSshKeyPair('user');
  return {
    endpoint: { host: '127.0.0.1', port, user: 'debian', privateKey, hostKey: hostKey.publicKey },
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Writes the same without end, as fast as it is taken, and tells how much was. */
export function flood(channel: ServerChannel, piece: Buffer): () => number {
  let written = 0;
  const write = (): void => {
    do written += piece.length;
    while (channel.write(piece));
  };
  channel.on('drain', write).on('close', () => channel.off('drain', write));
  write();
  return () => written;
}

export function say(channel: ServerChannel, text: string, status = 0): void {
  channel.write(text);
  channel.exit(status);
  channel.end();
}
