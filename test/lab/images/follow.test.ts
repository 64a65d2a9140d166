import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { follow } from '../../../lab/images/follow.ts';

const told = (...events: readonly object[]) =>
  follow(new Docker(), Readable.from(events.map((event) => Buffer.from(`${JSON.stringify(event)}\r\n`))));

it('ends with what the engine does', async () => {
  await expect(
    told({ stream: 'Step 1/2 : FROM debian\n' }, { aux: { ID: 'sha256:1' } }),
  ).resolves.toBeUndefined();
});

it('fails with what the engine says went wrong, after what was printed', async () => {
  const failing = told(
    { stream: 'Step 2/2 : RUN false\n' },
    { errorDetail: { code: 1 }, error: 'The command returned a non-zero code: 1' },
  );
  await expect(failing).rejects.toThrow('The command returned a non-zero code: 1\nStep 2/2 : RUN false');
});
