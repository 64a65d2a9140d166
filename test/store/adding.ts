import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileLock } from '../../src/store/lock.ts';

/** Adds one to the number in the folder, so many times. */

const [, , folder = '', times = ''] = process.argv;
const number = join(folder, 'number');
const lock = fileLock(join(folder, '.lock'));
for (let time = 0; time < Number(times); time += 1) {
  await lock(async () => writeFile(number, String(Number(await readFile(number, 'utf8')) + 1)));
}
