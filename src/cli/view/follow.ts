import { setTimeout as delay } from 'node:timers/promises';
import type { Braid } from '../../client/braid.ts';
import type { WorkflowKind, WorkflowResults } from '../../client/workflow-types.ts';
import type { Output } from '../output.ts';
import { createRedraw } from '../redraw.ts';
import { createTreeReader, type ProgressTree } from './progress-tree.ts';
import { renderTree } from './render.ts';
import { retryText } from './retry.ts';

const pollMilliseconds = 400;
/** How long the last look, when the execution has ended, may take. */
const lastLookMilliseconds = 2000;
/** From when on it is said that nothing is heard. */
const quietSeconds = 5;

/** Shows an execution until it ends: drawn anew on a terminal, else a line for each change. */
export async function follow<Kind extends WorkflowKind>(
  braid: Braid,
  kind: Kind,
  execution: string,
  output: Output,
): Promise<WorkflowResults[Kind]> {
  const result = braid.result(kind, execution);
  const ended = result.then(
    () => true,
    () => true,
  );
  const readTree = createTreeReader(braid);
  const news = newest(() => readTree(execution));
  const show = output.interactive ? redraw() : tellChanges(output, kind);
  const began = Date.now();
  for (let over = false; !over; ) {
    over = await Promise.race([ended, delay(pollMilliseconds, false)]);
    const { value, age } = over ? await news.last(lastLookMilliseconds) : news.now();
    show(value, { seconds: (Date.now() - began) / 1000, age: over ? 0 : age });
  }
  return result;
}

type News<T> = { readonly value: T | undefined /** Seconds since it was read. */; readonly age: number };

/** Reads again and again, one reading at a time, and never lets a slow one hold up the display. */
function newest<T>(read: () => Promise<T | undefined>) {
  let value: T | undefined;
  let at = Date.now();
  let reading: Promise<void> | undefined;
  const told = (): News<T> => ({ value, age: (Date.now() - at) / 1000 });
  const look = (): Promise<void> => (reading ??= readOnce());
  const readOnce = async (): Promise<void> => {
    const seen = await read();
    reading = undefined;
    if (seen === undefined) return;
    value = seen;
    at = Date.now();
  };
  return {
    now(): News<T> {
      void look();
      return told();
    },
    async last(patience: number): Promise<News<T>> {
      const late = delay(patience, undefined, { ref: false });
      await Promise.race([Promise.resolve(reading).then(look), late]);
      return told();
    },
  };
}

type Clock = { readonly seconds: number; readonly age: number };
/** Undefined: nothing was heard yet. */
type Show = (tree: ProgressTree | undefined, clock: Clock) => void;

function redraw(): Show {
  const update = createRedraw();
  return (tree, { seconds, age }) => {
    const quiet = age < quietSeconds ? [] : [`  nothing heard of it for ${age.toFixed(0)} s`];
    const lines = tree === undefined ? [] : renderTree(tree, seconds, process.stdout.columns);
    if (lines.length + quiet.length > 0) update([...lines, ...quiet].join('\n'));
  };
}

function tellChanges(output: Output, kind: WorkflowKind): Show {
  const told = new Map<string, string>();
  const reasons = new Set<string>();
  const changesAll = kind === 'install' || kind === 'uninstall';
  let quiet = false;
  return (tree, clock) => {
    if (clock.age >= quietSeconds && !quiet) output.note(`${stamp(clock)} nothing heard of it for a while`);
    quiet = clock.age >= quietSeconds;
    if (tree !== undefined) tell(tree, clock);
  };

  function tell({ progress, retries, parts }: ProgressTree, clock: Clock): void {
    for (const retry of retries) {
      const reason = `${progress.deployment}: ${retry.implementation} ${retry.reason}`;
      // Each reason once: how often is no news.
      if (!reasons.has(reason)) output.note(`${stamp(clock)} ${progress.deployment}: ${retryText(retry)}`);
      reasons.add(reason);
    }
    for (const { id, state, operation } of progress.instances) {
      const news = operation === null ? state : `${state} (${operation})`;
      const isNews = told.has(id) ? told.get(id) !== news : changesAll || operation !== null;
      told.set(id, news);
      if (isNews && news !== 'uninitialized')
        output.note(`${stamp(clock)} ${progress.deployment}: ${id} ${news}`);
      const part = parts.get(id);
      if (part !== undefined) tell(part, clock);
    }
  }
}

function stamp({ seconds }: Clock): string {
  return `[${seconds.toFixed(1).padStart(6)} s]`;
}
