import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Interrupted, interruption } from '../lab/interrupt.ts';
import { releaseEngine, removeAbandonedLabs, removeLab } from '../lab/lab.ts';
import { createReporter, seconds } from '../lab/report.ts';
import { labNames } from '../lab/state.ts';
import { parseTestArguments, type TestArguments, testUsage } from './lib/arguments.ts';
import { addCounts, type Count, failedProject } from './lib/count.ts';
import { type Stage, stages } from './lib/stages.ts';
import { reasonOf } from '../src/contracts/reason.ts';

/** `npm test`: sets up what the tests need, runs them all, and leaves nothing behind. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = createReporter();
const signal = interruption();
const lab = `test-${randomBytes(4).toString('hex')}`;

process.exitCode = await main();

async function main(): Promise<number> {
  const wanted = readArguments();
  if (wanted === undefined) return 2;
  if (wanted.help) {
    report.say(testUsage);
    return 0;
  }
  const chosen = stages.filter((stage) => wanted.stages.includes(stage.name));
  const counts = await runThenTidy(chosen, wanted);
  return signal.aborted ? interrupted() : total(counts);
}

async function runThenTidy(chosen: readonly Stage[], wanted: TestArguments): Promise<readonly Count[]> {
  try {
    return await runStages(chosen, wanted);
  } finally {
    if (chosen.some(needsLab)) await leaveNothing();
  }
}

function readArguments(): TestArguments | undefined {
  try {
    return parseTestArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${reasonOf(error)}\n\n${testUsage}`);
    return undefined;
  }
}

async function runStages(chosen: readonly Stage[], wanted: TestArguments): Promise<readonly Count[]> {
  const env = { ...process.env, BRAID_TEST_LAB: lab, ...(wanted.yes ? { BRAID_YES: '1' } : {}) };
  if (chosen.some(needsLab)) await removeAbandonedLabs(report);
  const counts: Count[] = [];
  for (const stage of chosen) {
    if (signal.aborted) break;
    const started = Date.now();
    report.say(`\n── ${stage.title}`);
    const count = await stage.run({ root, env, signal, files: wanted.files }).catch((error: unknown) => {
      return failedProject(`${stage.name}: ${reasonOf(error)}`);
    });
    counts.push(count);
    report.say(
      `── ${stage.name}: ${count.passed} passed, ${count.failed} failed in ${seconds(Date.now() - started)}`,
    );
  }
  return counts;
}

function needsLab({ name }: Stage): boolean {
  return name === 'lab' || name === 'long';
}

/** The tests take their lab down themselves, unless they were stopped or died. */
async function leaveNothing(): Promise<void> {
  if ((await labNames()).includes(lab)) await removeLab(lab, report);
  await releaseEngine(report);
}

function total(counts: readonly Count[]): number {
  const { passed, failed, remarks } = addCounts(counts);
  report.say('');
  for (const remark of remarks) report.say(`failed: ${remark}`);
  report.say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function interrupted(): number {
  report.say('\nStopped before the end; nothing is left behind.');
  return signal.reason instanceof Interrupted ? signal.reason.exitStatus : 130;
}
