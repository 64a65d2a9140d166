import { buffer } from 'node:stream/consumers';
import { pack, type Pack } from 'tar-stream';
import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import type { MachineRequest } from '../provider.ts';
import type { Engine } from './engine.ts';
import { putFiles, readFile } from './files.ts';

type User = { readonly uid: number; readonly gid: number; readonly home: string };

/** The userdata, for a unit of the image, and the key of the machine's user. */
export async function containerFirstBoot(
  engine: Engine,
  container: Docker.Container,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<Buffer> {
  const user = await userOf(engine, container, request, signal);
  return await firstBootArchive(request, user);
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
  await putFiles(engine, container, request.name, await buffer(archive), signal);
}

async function firstBootArchive(request: MachineRequest, user: User): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'var/lib/braid', type: 'directory', mode: 0o700 });
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
