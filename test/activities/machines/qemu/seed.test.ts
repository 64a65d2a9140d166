import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { seedArchive, seedOf } from '../../../../src/activities/machines/qemu/seed.ts';
import { requestOf } from '../support.ts';

const request = requestOf('chain-apache1-abc123', {
  hostname: 'apache1',
  user: 'operator',
  publicKey: 'ssh-ed25519 AAAA chain/apache1/ssh-key',
  userdata: '#!/bin/sh\necho "two\nlines: {}"\n',
});

const userDataSchema = z.object({
  write_files: z.array(z.object({ path: z.string(), permissions: z.string(), content: z.string() })),
});

function userdataFile(seed: Readonly<Record<string, string>>) {
  const [file] = userDataSchema.parse(parse(seed['user-data'] ?? '')).write_files;
  return { ...file, content: Buffer.from(file?.content ?? '', 'base64').toString() };
}

describe('the seed of a virtual machine', () => {
  it('is a cloud-config with the user, who logs in by key alone and may use sudo', () => {
    const seed = seedOf(request);
    expect(seed['user-data']?.split('\n')[0]).toBe('#cloud-config');
    expect(parse(seed['user-data'] ?? '')).toMatchObject({
      hostname: 'apache1',
      users: [
        {
          name: 'operator',
          lock_passwd: true,
          sudo: 'ALL=(ALL) NOPASSWD:ALL',
          ssh_authorized_keys: ['ssh-ed25519 AAAA chain/apache1/ssh-key'],
        },
      ],
    });
  });

  it('names the machine for cloud-init, which acts once for a name', () => {
    expect(parse(seedOf(request)['meta-data'] ?? '')).toEqual({
      'instance-id': 'chain-apache1-abc123',
      'local-hostname': 'apache1',
      dsmode: 'local',
    });
  });

  it('has the userdata byte by byte, for root alone', () => {
    expect(userdataFile(seedOf(request))).toMatchObject({
      path: '/var/lib/braid/userdata',
      permissions: '0700',
      content: request.userdata,
    });
  });

  it('has something to run where there is no userdata, so that its end can be waited for', () => {
    expect(userdataFile(seedOf({ ...request, userdata: '' })).content).toBe('#!/bin/sh\n');
  });

  it('is files that only root reads', async () => {
    const modes: Record<string, string> = {};
    const files = extract();
    Readable.from([await seedArchive(request)]).pipe(files);
    for await (const file of files) {
      modes[file.header.name] = (file.header.mode ?? 0).toString(8);
      await text(file);
    }
    expect(modes).toEqual({
      'var/lib/braid/seed': '700',
      'var/lib/braid/seed/user-data': '600',
      'var/lib/braid/seed/meta-data': '600',
    });
  });
});
