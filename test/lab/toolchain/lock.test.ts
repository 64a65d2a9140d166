import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withLock } from '../../../lab/toolchain/lock.ts';

const lockModule = fileURLToPath(new URL('../../../lab/toolchain/lock.ts', import.meta.url));

test('one after the other, never two at once, and the waiting are told once', async () => {
  const name = randomUUID();
  let inside = 0;
  let most = 0;
  let told = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside -= 1;
  };
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withLock(name, work, () => {
        told += 1;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(told).toBe(7);
});

test('a failure lets go, and comes through', async () => {
  const name = randomUUID();
  await expect(withLock(name, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withLock(name, () => Promise.resolve(1))).resolves.toBe(1);
});

test('a holder that is killed holds nothing', async () => {
  const name = randomUUID();
  const code = `import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(name)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const waited = withLock(
    name,
    () => Promise.resolve('mine'),
    () => holder.kill('SIGKILL'),
  );
  await expect(waited).resolves.toBe('mine');
});
