import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { storing } from '../../src/store/whole-file.ts';

test('a full disk is told with the folder, and may be tried again', async () => {
  await expect(storing('/the/store', () => writeFile('/dev/full', 'x'))).rejects.toMatchObject({
    type: 'StoreFailed',
    message: 'The store cannot write into /the/store: no space is left there.',
    nonRetryable: false,
  });
});

test('what is no fault of the disk is left as it is', async () => {
  const missing = storing('/the/store', () => writeFile('/none/such', 'x'));
  await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
});
