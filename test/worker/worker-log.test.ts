import { expect, test } from 'vitest';
import { createWorkerLog } from '../../src/worker-log.ts';

test('an entry is a line without what a terminal would obey', () => {
  const written: string[] = [];
  const log = createWorkerLog((text) => written.push(text));
  log.info('the script printed:\n\u001B[2Jall \u009B31mis well\r', { host: '\u001B]0;pwned\u0007' });
  log.debug('no word of it');
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^\d{4}-\S+Z \[INFO\] the script printed:\nall is well /);
  expect(written[0]).not.toMatch(/[^\P{Cc}\n]/u);
});
