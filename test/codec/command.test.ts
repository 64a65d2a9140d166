import { expect, test } from 'vitest';
import { braid, start } from '../support/processes.ts';

/** The command around the server. */

const free = ['codec', '--port', '0'];

test('it says where it is, and ends by SIGTERM', { timeout: 60_000 }, async () => {
  const codec = start('src/cli/main.mjs', free, { BRAID_CODEC_TOKEN: 'a-token-that-nobody-guesses' });
  await codec.said('The codec server is ready at http://127.0.0.1:');
  codec.child.kill('SIGTERM');
  expect(await codec.ended).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /^The codec server is ready at http:\/\/127\.0\.0\.1:\d+, without a key\.$/m,
    ),
  });
});

test('it serves nobody without a token, on loopback neither', { timeout: 60_000 }, async () => {
  const { status, stderr } = await braid(free, {});
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('ConfigurationInvalid: Whoever reaches the codec server could read'),
  ]);
});
