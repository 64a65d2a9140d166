import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { afterEach, expect, test, vi } from 'vitest';
import { ensureBase } from '../../../lab/images/base.ts';
import { buildImage } from '../../../lab/images/build.ts';

const engine = new Docker();
const image = `braid/test-build:${randomBytes(6).toString('hex')}`;
afterEach(async () => {
  vi.unstubAllEnvs();
  await engine.getImage(image).remove();
});

test('a proxy’s password reaches what a build runs, and neither the image nor its history', async () => {
  const password = randomBytes(12).toString('hex');
  vi.stubEnv('https_proxy', `http://someone:${password}@127.0.0.1:9`);
  const folder = await mkdtemp(join(tmpdir(), 'braid-build-'));
  await writeFile(
    join(folder, 'Dockerfile'),
    'ARG BASE\nFROM ${BASE}\nRUN test "${#https_proxy}" -gt 40 && echo yes > /was-told\n',
  );
  try {
    const base = await ensureBase({ engine, yes: false, note: () => undefined });
    await buildImage(engine, { folder, image, base });
  } finally {
    await rm(folder, { recursive: true });
  }
  const built = engine.getImage(image);
  expect(JSON.stringify([await built.inspect(), await built.history()])).not.toContain(password);
  const saved = await buffer(await built.get());
  expect(saved.includes('was-told')).toBe(true);
  expect(saved.includes(password)).toBe(false);
  expect(execFileSync('docker', ['history', '--no-trunc', image], { encoding: 'utf8' })).not.toContain(
    password,
  );
});
