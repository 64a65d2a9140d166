import { parseArgs } from 'node:util';
import { Interrupted, interruption } from '../lab/interrupt.ts';
import { releaseEngine, removeLab, up } from '../lab/lab.ts';
import { createReporter, type Reporter } from '../lab/report.ts';
import { failed } from '../src/cli/exit.ts';
import { createOutput } from '../src/cli/output.ts';
import { tellFailure } from '../src/cli/tell-failure.ts';
import { connect } from '../src/client/connect.ts';
import { braidSide } from './lib/braid-side.ts';
import { measureLife } from './lib/measure.ts';
import { scriptSide } from './lib/script-side.ts';
import { type Summary, summarize, summaryLines } from './lib/summary.ts';
import { workerPeak } from './lib/worker-memory.ts';

/** `npm run bench:chain`: the service chain by a shell script and by Braid, in turn, on one lab. */
const usage = `npm run bench:chain -- [options]
  --rounds N       how often each of the two makes the chain (default: 2)
  --name NAME      name of the lab, which is removed afterwards (default: bench)
  --network A.B    first two numbers of its networks (default: 10.105)
  --json           print one JSON value
  --yes            install system packages by sudo where this is not root`;

try {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '2' },
      name: { type: 'string', default: 'bench' },
      network: { type: 'string', default: '10.105' },
      json: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const output = createOutput(values.json);
  if (values.help) {
    output.line(usage);
  } else {
    const summary = await bench({ ...values, rounds: Number(values.rounds) });
    for (const line of summaryLines(summary)) output.line(line);
    output.value(summary);
  }
} catch (error) {
  const reason = failed(error);
  tellFailure(reason, false);
  if (error instanceof TypeError) console.error(usage);
  process.exitCode = error instanceof Interrupted ? error.exitStatus : reason.exit;
}

type BenchOptions = {
  readonly rounds: number;
  readonly name: string;
  readonly network: string;
  readonly yes: boolean;
};

async function bench({ rounds, name, network, yes }: BenchOptions): Promise<Summary> {
  const report = createReporter(process.stderr);
  const signal = interruption();
  try {
    const lab = await up({ name, report, yes });
    process.env['TEMPORAL_ADDRESS'] = lab.temporal.address;
    process.env['TEMPORAL_NAMESPACE'] = lab.temporal.namespace;
    const client = await connect();
    const sides = [
      scriptSide({ name, network, folder: lab.folder }),
      braidSide({ client, deployment: name, network }),
    ];
    const measured = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const side of sides) {
        signal.throwIfAborted();
        measured.push(...(await measureLife(side, name, (line) => report.say(`round ${round}, ${line}`))));
      }
    }
    const peak = await workerPeak(lab.folder);
    await client.connection.close();
    return summarize(measured, rounds, peak);
  } finally {
    await removeAll(name, report);
  }
}

async function removeAll(name: string, report: Reporter): Promise<void> {
  await removeLab(name, report);
  await releaseEngine(report);
}
