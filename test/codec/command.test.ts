import { once } from 'node:events';
import { expect, test } from 'vitest';
import { braid, start } from '../support/processes.ts';

/** The command around the server. */

const free = ['codec', '--port', '0'];

test('it says where it is, and ends by SIGTERM', { timeout: 60_000 }, async () => {
  const codec = start('src/cli/main.mjs', free, {});
  await codec.said('The codec server is ready at http://127.0.0.1:');
  codec.child.kill('SIGTERM');
  expect(await codec.ended).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /^The codec server is ready at http:\/\/127\.0\.0\.1:\d+, without a key\.$/m,
    ),
  });
});

test('it is not opened to others without a token, unless asked to be', { timeout: 60_000 }, async () => {
  const { status, stderr } = await braid([...free, '--host', '0.0.0.0'], {});
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('ConfigurationInvalid: Whoever reaches 0.0.0.0 could read what Temporal keeps.'),
  ]);
  const open = start('src/cli/main.mjs', [...free, '--host', '0.0.0.0', '--open'], {});
  await open.said('is ready at http://0.0.0.0:');
  open.child.kill('SIGTERM');
  await once(open.child, 'close');
});
