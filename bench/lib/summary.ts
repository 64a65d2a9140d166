import { table } from '../../src/cli/view/tables.ts';
import type { PathPiece } from './critical-path.ts';
import type { Measurement } from './measure.ts';
import { median } from './median.ts';
import { type OperationName, operations, type Side } from './side.ts';

export type Summary = {
  readonly rounds: number;
  /** The largest resident memory that the worker ever had, in MB. */
  readonly workerPeak: number;
  readonly operations: readonly OperationSummary[];
};

export type OperationSummary = {
  readonly operation: OperationName;
  /** Of each round. */
  readonly script: readonly number[];
  readonly braid: readonly number[];
  /** Median of Braid by median of the script. */
  readonly ratio: number;
  /** For heal: seconds until a page came again, the medians. */
  readonly untilTraffic: { readonly script: number; readonly braid: number } | null;
  readonly events: number;
  readonly bytes: number;
  /** Of the last round. */
  readonly path: readonly PathPiece[];
  readonly scriptSteps: readonly PathPiece[];
};

const titles: Readonly<Record<OperationName, string>> = {
  install: 'install',
  again: 'second install',
  heal: 'heal of a lost router',
  uninstall: 'uninstall',
};

export function summarize(measured: readonly Measurement[], rounds: number, workerPeak: number): Summary {
  return { rounds, workerPeak, operations: operations.map((operation) => summaryOf(operation, measured)) };
}

function summaryOf(operation: OperationName, measured: readonly Measurement[]): OperationSummary {
  const of = (side: Side['name']) =>
    measured.filter((one) => one.operation === operation && one.side === side);
  const script = of('script');
  const braid = of('braid');
  const last = braid.at(-1)?.run;
  return {
    operation,
    script: secondsOf(script),
    braid: secondsOf(braid),
    ratio: median(secondsOf(braid)) / median(secondsOf(script)),
    untilTraffic: operation === 'heal' ? { script: trafficOf(script), braid: trafficOf(braid) } : null,
    events: last?.history.events ?? 0,
    bytes: last?.history.bytes ?? 0,
    path: last?.path ?? [],
    scriptSteps: script.at(-1)?.run.path ?? [],
  };
}

function secondsOf(list: readonly Measurement[]): readonly number[] {
  return list.map(({ seconds }) => seconds);
}

function trafficOf(list: readonly Measurement[]): number {
  return median(list.map(({ untilTraffic }) => untilTraffic ?? Number.NaN));
}

/** The tables that people read. */
export function summaryLines({ rounds, workerPeak, operations: list }: Summary): readonly string[] {
  return [
    `Medians of ${rounds} rounds, in seconds`,
    '',
    ...table([
      ['', 'script', 'Braid', 'ratio', 'traffic after', 'events', 'kB of history'],
      ...list.map((one) => [
        titles[one.operation],
        median(one.script).toFixed(1),
        median(one.braid).toFixed(1),
        one.ratio.toFixed(2),
        one.untilTraffic === null
          ? ''
          : `${one.untilTraffic.script.toFixed(1)} / ${one.untilTraffic.braid.toFixed(1)}`,
        String(one.events),
        (one.bytes / 1000).toFixed(0),
      ]),
    ]),
    '',
    `The worker had at most ${workerPeak.toFixed(0)} MB.`,
    ...list.flatMap((one) => [
      '',
      `${titles[one.operation]}: Braid's critical path`,
      ...pathTable(one.path, 'waited'),
      '',
      `${titles[one.operation]}: the script's steps`,
      ...pathTable(one.scriptSteps, 'from'),
    ]),
  ];
}

function pathTable(path: readonly PathPiece[], first: string): readonly string[] {
  return table([
    [`  ${first}`, 'took', ''],
    ...path.map(({ name, depth, waited, ran }) => [
      `  ${(waited / 1000).toFixed(2)}`,
      (ran / 1000).toFixed(2),
      `${'  '.repeat(depth)}${name}`,
    ]),
  ]);
}
