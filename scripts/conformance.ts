import { readFile } from 'node:fs/promises';
import type { Case } from './lib/conformance/case.ts';
import { resultLines, type Result } from './lib/conformance/report.ts';
import { runCase } from './lib/conformance/run-case.ts';

/** `npm run conformance -- FILE`: how a file of cases fares that the peer's own parser passes. */
const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Tell the file of cases: npm run conformance -- FILE');
  process.exit(2);
}
const cases: readonly Case[] = JSON.parse(await readFile(file, 'utf8'));
const results: Result[] = [];
for (const one of cases) results.push({ id: one.id, phase: one.phase, verdict: await runCase(one) });
for (const line of resultLines(results)) console.log(line);
process.exitCode = results.every(({ verdict }) => verdict.passed) ? 0 : 1;
