import type { Run, OperationName, Side } from './side.ts';
import { operations } from './side.ts';
import { firstPage, loseRouter } from './lost-router.ts';

/** One operation of one side in one round. */
export type Measurement = {
  readonly side: Side['name'];
  readonly operation: OperationName;
  readonly seconds: number;
  /** For heal: until a page came through the chain again. */
  readonly untilTraffic: number | null;
  readonly run: Run;
};

/** The chain's whole life by one side: made, made again, healed, removed. */
export async function measureLife(
  side: Side,
  lab: string,
  say: (line: string) => void,
): Promise<readonly Measurement[]> {
  const measured: Measurement[] = [];
  for (const operation of operations) {
    const measurement = await measure(side, operation, lab);
    say(`${side.name} ${operation}: ${measurement.seconds.toFixed(1)} s`);
    measured.push(measurement);
  }
  return measured;
}

async function measure(side: Side, operation: OperationName, lab: string): Promise<Measurement> {
  const lost = operation === 'heal' ? await side.entry() : undefined;
  if (lost !== undefined) await loseRouter(lab, lost);
  const stop = new AbortController();
  const began = Date.now();
  const traffic = lost === undefined ? undefined : firstPage(lost, stop.signal);
  traffic?.catch(() => undefined);
  try {
    const told = await side.run(operation);
    const seconds = (Date.now() - began) / 1000;
    const untilTraffic = traffic === undefined ? null : ((await traffic) - began) / 1000;
    return { side: side.name, operation, seconds, untilTraffic, run: await told() };
  } finally {
    stop.abort(new Error('The operation is over.'));
  }
}
