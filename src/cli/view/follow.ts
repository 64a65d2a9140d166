import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import type { Braid } from '../../client/braid.ts';
import type { WorkflowKind, WorkflowResults } from '../../client/workflow-types.ts';
import type { Output } from '../output.ts';
import { createTreeReader, type ProgressTree } from './progress-tree.ts';
import { renderTree } from './render.ts';

const pollMilliseconds = 400;

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
  const read = createTreeReader(braid);
  const show = output.interactive ? redraw() : tellChanges(output);
  const began = Date.now();
  for (let over = false; !over; ) {
    over = await Promise.race([ended, delay(pollMilliseconds, false)]);
    const tree = await read(execution);
    if (tree !== undefined) show(tree, (Date.now() - began) / 1000);
  }
  return result;
}

type Show = (tree: ProgressTree, seconds: number) => void;

function redraw(): Show {
  const update = createLogUpdate(process.stdout);
  return (tree, seconds) => update(renderTree(tree, seconds).join('\n'));
}

function tellChanges(output: Output): Show {
  const told = new Map<string, string>();
  return function tell({ progress, parts }, seconds) {
    for (const { id, state, operation } of progress.instances) {
      const news = operation === null ? state : `${state} (${operation})`;
      if (told.get(id) !== news && !(state === 'uninitialized' && operation === null)) {
        told.set(id, news);
        output.note(`[${seconds.toFixed(1).padStart(6)} s] ${progress.deployment}: ${id} ${news}`);
      }
      const part = parts.get(id);
      if (part !== undefined) tell(part, seconds);
    }
  };
}
