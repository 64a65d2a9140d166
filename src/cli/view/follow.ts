import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import type { Braid } from '../../client/braid.ts';
import type { WorkflowKind, WorkflowResults } from '../../client/workflow-types.ts';
import type { Output } from '../output.ts';
import { newest } from './newest.ts';
import { createTreeReader, type ProgressTree } from './progress-tree.ts';
import { renderTree } from './render.ts';

const pollMilliseconds = 400;
/** How long the last look, when the execution has ended, may take. */
const lastLookMilliseconds = 2000;
/** From when on it is said that nothing is heard. */
const quietSeconds = 5;

/** What is said then, by why it may be. */
const quietSentences = {
  'no server': 'the Temporal server does not answer; waiting until it is back',
  'no worker': 'there is no worker; waiting until there is one',
  unknown: 'nothing heard of it for a while; its worker may be busy or gone',
} as const;

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
  const silence = newest(() => braid.silence());
  const show = output.interactive ? redraw() : tellChanges(output, kind);
  const began = Date.now();
  for (let over = false; !over; ) {
    over = await Promise.race([ended, delay(pollMilliseconds, false)]);
    const { value, age } = over ? await news.last(lastLookMilliseconds) : news.now();
    const why = !over && age >= quietSeconds ? silence.now().value : undefined;
    show(value, {
      seconds: (Date.now() - began) / 1000,
      quiet: why === undefined ? undefined : quietSentences[why],
    });
  }
  return result;
}

type Clock = {
  readonly seconds: number;
  /** What is said when nothing is heard. */
  readonly quiet: string | undefined;
};
/** Undefined: nothing was heard yet. */
type Show = (tree: ProgressTree | undefined, clock: Clock) => void;

function redraw(): Show {
  const update = createLogUpdate(process.stdout);
  return (tree, clock) => {
    const { seconds } = clock;
    const quiet = clock.quiet === undefined ? [] : [`  ${clock.quiet}`];
    const lines = tree === undefined ? [] : renderTree(tree, seconds, process.stdout.columns);
    if (lines.length + quiet.length > 0) update([...lines, ...quiet].join('\n'));
  };
}

function tellChanges(output: Output, kind: WorkflowKind): Show {
  const told = new Map<string, string>();
  const changesAll = kind === 'install' || kind === 'uninstall';
  let quiet: string | undefined;
  return (tree, clock) => {
    if (clock.quiet !== undefined && clock.quiet !== quiet) output.note(`${stamp(clock)} ${clock.quiet}`);
    quiet = clock.quiet;
    if (tree !== undefined) tell(tree, clock);
  };

  function tell({ progress, parts }: ProgressTree, clock: Clock): void {
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
