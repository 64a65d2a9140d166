import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { compile, expand } from '../../src/public/language.ts';

/**
 * `own-parser.ts ROUNDS FILE...`: how long Braid takes in a process of its own; for each file a line of JSON,
 * the seconds of each round and the largest memory of the process so far in bytes.
 */
const [rounds = '1', ...files] = process.argv.slice(2);
for (const file of files) {
  const seconds: number[] = [];
  for (let round = 0; round < Number(rounds); round += 1) {
    const began = performance.now();
    const text = await readFile(file, 'utf8');
    const { plan } = await compile({
      main: basename(file),
      load: async (name) => (name === basename(file) ? { file: name, text } : { reason: 'there is none.' }),
      inputs: {},
    });
    if (plan === null) throw new Error(`${file} has no plan.`);
    let made = 0;
    expand(plan, () => String((made += 1)));
    seconds.push((performance.now() - began) / 1000);
  }
  console.log(JSON.stringify({ seconds, bytes: process.resourceUsage().maxRSS * 1024 }));
}
