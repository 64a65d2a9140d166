import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../src/connection/profile.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-profile-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function profileFile(text: string): Promise<string> {
  const file = join(folder, 'temporal.toml');
  await writeFile(file, text);
  return file;
}

describe('Temporal’s client profile', () => {
  it('is the local server when nothing is told', () => {
    expect(readProfile({ XDG_CONFIG_HOME: folder })).toMatchObject({
      address: 'localhost:7233',
      namespace: 'default',
    });
  });

  it('comes from the file, and the environment wins', async () => {
    const TEMPORAL_CONFIG_FILE = await profileFile(
      '[profile.default]\naddress = "far:7233"\nnamespace = "ours"\n',
    );
    expect(readProfile({ TEMPORAL_CONFIG_FILE })).toMatchObject({ address: 'far:7233', namespace: 'ours' });
    expect(readProfile({ TEMPORAL_CONFIG_FILE, TEMPORAL_ADDRESS: 'near:7233' })).toMatchObject({
      address: 'near:7233',
      namespace: 'ours',
    });
  });

  it('may be a file without any profile', async () => {
    const TEMPORAL_CONFIG_FILE = await profileFile('');
    expect(readProfile({ TEMPORAL_CONFIG_FILE, TEMPORAL_ADDRESS: 'a:1' }).address).toBe('a:1');
  });

  it.each([
    ['', 'named'],
    ['[profile.default]\naddress = "a:1"\n', 'named'],
    ['x = [', undefined],
  ])('that cannot be used is ConfigurationInvalid: %j', async (text, name) => {
    const TEMPORAL_CONFIG_FILE = await profileFile(text);
    expect(() => readProfile({ TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: name })).toThrow(
      expect.objectContaining({ type: 'ConfigurationInvalid' }),
    );
  });
});
