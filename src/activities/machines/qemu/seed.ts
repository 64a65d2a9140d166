import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { MachineRequest } from '../provider.ts';

const folder = 'var/lib/braid/seed';

/**
 * What cloud-init is told of the machine, as files of its seed (data source NoCloud); JSON is YAML too. A unit of the
 * image runs the userdata.
 */
export function seedOf(request: MachineRequest): Readonly<Record<string, string>> {
  const { name, hostname, user, publicKey, userdata } = request;
  const userData = {
    hostname,
    manage_etc_hosts: 'localhost',
    users: [
      {
        name: user,
        shell: '/bin/bash',
        lock_passwd: true,
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        ssh_authorized_keys: [publicKey],
      },
    ],
    write_files: [
      {
        path: '/var/lib/braid/userdata',
        permissions: '0700',
        encoding: 'b64',
        content: Buffer.from(userdata || '#!/bin/sh\n').toString('base64'),
      },
    ],
  };
  return {
    'user-data': `#cloud-config\n${JSON.stringify(userData, null, 2)}\n`,
    // Local: nothing of it needs the network, so it is done before that is up.
    'meta-data': `${JSON.stringify({ 'instance-id': name, 'local-hostname': hostname, dsmode: 'local' })}\n`,
  };
}

/** The seed for the container of a virtual machine, which adds what the container alone knows. */
export async function seedArchive(request: MachineRequest): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: folder, type: 'directory', mode: 0o700 });
  for (const [name, content] of Object.entries(seedOf(request))) {
    archive.entry({ name: `${folder}/${name}`, mode: 0o600 }, content);
  }
  archive.finalize();
  return await buffer(archive);
}
