import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createReporter, type Reporter } from '../lab/report.ts';
import { startTemporal, stopTemporal } from '../lab/temporal.ts';
import { ensureTemporal } from '../lab/toolchain/temporal.ts';
import { failed } from '../src/cli/exit.ts';
import { createOutput } from '../src/cli/output.ts';
import { tellFailure } from '../src/cli/tell-failure.ts';
import { table } from '../src/cli/view/tables.ts';
import { connect } from '../src/client/connect.ts';
import { readSettings } from '../src/connection/settings.ts';
import { type EngineCase, measureCase } from './lib/engine-case.ts';
import { startWorkers } from './lib/engine-workers.ts';
import { median } from './lib/median.ts';
import { noOpPlan } from './lib/no-op-plan.ts';

/** `npm run bench:engine`: many nodes that do nothing, by a bare workflow and by Braid, in turn, on one server. */
const usage = `npm run bench:engine -- [options]
  --rounds N   how often each of the two runs each case (default: 3)
  --wide N     nodes side by side (default: 1000)
  --row N      nodes in a row (default: 300)
  --window N   operations in flight (default: 100)
  --json       print one JSON value`;

try {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      wide: { type: 'string', default: '1000' },
      row: { type: 'string', default: '300' },
      window: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const output = createOutput(values.json);
  if (values.help) {
    output.line(usage);
  } else {
    const window = Number(values.window);
    const results = await bench(Number(values.rounds), [
      { shape: 'wide', count: Number(values.wide), window },
      { shape: 'row', count: Number(values.row), window },
    ]);
    for (const line of resultLines(results)) output.line(line);
    output.value(results);
  }
} catch (error) {
  const reason = failed(error);
  tellFailure(reason, false);
  if (error instanceof TypeError) console.error(usage);
  process.exitCode = reason.exit;
}

type CaseResult = EngineCase & { readonly bare: readonly number[]; readonly braid: readonly number[] };

async function bench(rounds: number, cases: readonly EngineCase[]): Promise<readonly CaseResult[]> {
  const report = createReporter(process.stderr);
  const folder = await mkdtemp(join(tmpdir(), 'braid-bench-'));
  const server = join(folder, 'temporal');
  await mkdir(server);
  try {
    const program = await ensureTemporal(() => undefined);
    const { address, namespace } = await startTemporal({ folder: server, program, standardPorts: false });
    process.env['TEMPORAL_ADDRESS'] = address;
    process.env['TEMPORAL_NAMESPACE'] = namespace;
    const client = await connect();
    const settings = readSettings({ BRAID_STATE: join(folder, 'state'), BRAID_LAB: 'bench-engine' });
    const plans = new Map(cases.map(({ shape, count }) => [shape, noOpPlan(shape, count)]));
    const workers = await startWorkers({ client, address, settings, plans });
    try {
      return await measureCases(rounds, cases, (one) => measureCase(client, settings.taskQueue, one), report);
    } finally {
      await workers.stop();
      await client.connection.close();
    }
  } finally {
    await stopTemporal(server);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureCases(
  rounds: number,
  cases: readonly EngineCase[],
  measure: (one: EngineCase) => ReturnType<typeof measureCase>,
  report: Reporter,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of cases) {
    const measured = [];
    for (let round = 1; round <= rounds; round += 1) {
      const both = await measure(one);
      report.say(
        `round ${round}, ${one.count} ${one.shape}: bare ${both.bare.toFixed(2)} s, Braid ${both.braid.toFixed(2)} s`,
      );
      measured.push(both);
    }
    results.push({
      ...one,
      bare: measured.map(({ bare }) => bare),
      braid: measured.map(({ braid }) => braid),
    });
  }
  return results;
}

function resultLines(results: readonly CaseResult[]): readonly string[] {
  return table([
    ['nodes', 'bare workflow', 'Braid', 'ratio'],
    ...results.map(({ shape, count, bare, braid }) => [
      `${count} ${shape === 'wide' ? 'side by side' : 'in a row'}`,
      `${median(bare).toFixed(2)} s`,
      `${median(braid).toFixed(2)} s`,
      (median(braid) / median(bare)).toFixed(2),
    ]),
  ]);
}
