import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type Docker from 'dockerode';
import { failure } from '../../../contracts/failure.ts';
import type { MachineRequest } from '../provider.ts';
import type { Engine } from './engine.ts';
import { readFile } from './files.ts';

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

async function firstBootArchive(request: MachineRequest, user: User): Promise<Buffer> {
  const archive = pack();
  const home = user.home.replace(/^\//, '');
  const own = { uid: user.uid, gid: user.gid };
  archive.entry({ name: 'var/lib/braid', type: 'directory', mode: 0o755 });
  archive.entry({ name: 'var/lib/braid/userdata', mode: 0o700 }, request.userdata || '#!/bin/sh\n');
  archive.entry({ name: `${home}/.ssh`, type: 'directory', mode: 0o700, ...own });
  archive.entry({ name: `${home}/.ssh/authorized_keys`, mode: 0o600, ...own }, `${request.publicKey}\n`);
  archive.finalize();
  return await buffer(archive);
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
