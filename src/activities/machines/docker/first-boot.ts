import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { extract, pack, type Pack } from 'tar-stream';
import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import type { MachineRequest } from '../provider.ts';
import type { Engine } from './engine.ts';

const hostKeyFile = '/etc/ssh/ssh_host_ed25519_key.pub';

type User = { readonly uid: number; readonly gid: number; readonly home: string };

/** Puts the userdata and the key of its user into a machine that has not run yet. */
export async function putFirstBootFiles(
  engine: Engine,
  container: Docker.Container,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<void> {
  const user = await userOf(engine, container, request, signal);
  const archive = await firstBootArchive(request, user);
  await engine.call(`put the first boot’s files into ${request.name}`, signal, () =>
    container.putArchive(archive, { path: '/' }),
  );
}

/** Lets the user of a machine that has run in again, beside whomever else it lets in. */
export async function ensureKey(
  engine: Engine,
  container: Docker.Container,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<void> {
  const user = await userOf(engine, container, request, signal);
  const path = `${user.home}/.ssh/authorized_keys`;
  const present = await engine.find('read who may log in to a machine', signal, () =>
    readFile(container, path),
  );
  const lines = (present ?? '').split('\n').filter((line) => line !== '');
  if (lines.includes(request.publicKey)) return;
  const archive = pack();
  addKeys(archive, user, [...lines, request.publicKey]);
  archive.finalize();
  const content = await buffer(archive);
  await engine.call(`put a key into ${request.name}`, signal, () =>
    container.putArchive(content, { path: '/' }),
  );
}

/** The host key that the machine made of itself; undefined until it has. */
export async function readHostKey(
  engine: Engine,
  container: Docker.Container,
  signal: AbortSignal,
): Promise<string | undefined> {
  const line = await engine.find('read a machine’s host key', signal, () => readFile(container, hostKeyFile));
  return /^(ssh-ed25519 [A-Za-z0-9+/]{68})(?:\s|$)/.exec(line ?? '')?.[1];
}

async function firstBootArchive(request: MachineRequest, user: User): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'var/lib/braid', type: 'directory', mode: 0o755 });
  archive.entry({ name: 'var/lib/braid/userdata', mode: 0o700 }, request.userdata || '#!/bin/sh\n');
  addKeys(archive, user, [request.publicKey]);
  archive.finalize();
  return await buffer(archive);
}

function addKeys(archive: Pack, { home, uid, gid }: User, keys: readonly string[]): void {
  const folder = `${home.replace(/^\//, '')}/.ssh`;
  archive.entry({ name: folder, type: 'directory', mode: 0o700, uid, gid });
  archive.entry(
    { name: `${folder}/authorized_keys`, mode: 0o600, uid, gid },
    keys.map((key) => `${key}\n`).join(''),
  );
}

async function userOf(
  engine: Engine,
  container: Docker.Container,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<User> {
  const passwd = await engine.call(`read the users of image ${request.image}`, signal, () =>
    readFile(container, '/etc/passwd'),
  );
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid, , home] = line.split(':');
    if (name === request.user) return { uid: Number(uid), gid: Number(gid), home: home ?? '/' };
  }
  throw failure(
    'OperationInputInvalid',
    `image ${request.image} has no user ${request.user} (property ssh_user)`,
    {
      details: { property: 'ssh_user', image: request.image },
    },
  );
}

async function readFile(container: Docker.Container, path: string): Promise<string> {
  const archive = await container.getArchive({ path });
  const files = extract();
  Readable.from(archive)
    .on('error', (error: Error) => files.destroy(error))
    .pipe(files);
  for await (const file of files) return await text(file);
  return '';
}
