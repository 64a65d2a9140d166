import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../lab/ports.ts';
import { choosePorts, readPorts } from '../../lab/settings.ts';

describe('a free port', () => {
  it('is the preferred one if nobody has it', async () => {
    const port = await freePort();
    expect(await freePort(port)).toBe(port);
  });

  it('is another if somebody listens on it, or it is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = server.address();
      const used = typeof address === 'object' && address !== null ? address.port : 0;
      expect(await freePort(used)).not.toBe(used);
    } finally {
      server.close();
    }
    const port = await freePort();
    expect(await freePort(port, [port])).not.toBe(port);
  });
});

it('a lab’s ports differ, and are the same the next time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'braid-ports-'));
  try {
    expect(await readPorts(folder)).toBeUndefined();
    const ports = await choosePorts(folder, false);
    expect(new Set(Object.values(ports)).size).toBe(3);
    expect(await readPorts(folder)).toEqual(ports);
    expect(await choosePorts(folder, true)).toEqual(ports);
  } finally {
    await rm(folder, { recursive: true });
  }
});
