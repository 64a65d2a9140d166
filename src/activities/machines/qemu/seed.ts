import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { MachineRequest } from '../provider.ts';

const folder = 'var/lib/braid/seed';

/** Tells programs of the name servers that networkd knows of, where nothing else does. */
const nameServers = `grep -qs ^nameserver /etc/resolv.conf ||
  sed -n 's/^DNS=//p' /run/systemd/netif/state | tr ' ' '\\n' | sed 's/^/nameserver /' >/etc/resolv.conf`;

/** Runs the userdata and tells how it ended; the status appears only when it is complete. */
const runUserdata = `cd /var/lib/braid && ./userdata >userdata.log 2>&1 </dev/null
echo $? >userdata.status.new
sync userdata.log userdata.status.new
mv userdata.status.new userdata.status`;

/** What cloud-init is told of the machine, as files of its seed (data source NoCloud); JSON is YAML too. */
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
    runcmd: [nameServers, runUserdata].map((command) => ['sh', '-c', command]),
  };
  return {
    'user-data': `#cloud-config\n${JSON.stringify(userData, null, 2)}\n`,
    'meta-data': `${JSON.stringify({ 'instance-id': name, 'local-hostname': hostname })}\n`,
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
