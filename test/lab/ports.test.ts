import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../lab/ports.ts';
import { chooseSettings, readSettings } from '../../lab/settings.ts';

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
    expect(await readSettings(folder)).toBeUndefined();
    const settings = await chooseSettings(folder, false);
    const { ports, hidden } = settings;
    expect(new Set([...Object.values(ports), hidden.uiPort, hidden.httpPort]).size).toBe(5);
    expect(await readSettings(folder)).toEqual(settings);
    expect(await chooseSettings(folder, true)).toEqual(settings);
  } finally {
    await rm(folder, { recursive: true });
  }
});
