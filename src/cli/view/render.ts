import type { InstanceProgress } from '../../contracts/progress.ts';
import type { InstanceState } from '../../contracts/record.ts';
import { outputStyle } from '../style.ts';
import { countsOf, type ProgressTree, retriesIn } from './progress-tree.ts';
import { retryText } from './retry.ts';

const barWidth = 30;

/**
 * The whole of an execution as lines: one an instance, components’ inside, what is tried again, and a bar.
 * Errors are cut to fit `columns`; the end of the execution tells them whole.
 */
export function renderTree(tree: ProgressTree, seconds: number, columns = 80): readonly string[] {
  const retries = retriesIn(tree).map(
    (retry) => `  ${outputStyle('yellow', `↻ ${cut(retryText(retry), columns - 4)}`)}`,
  );
  return [...instanceLines(tree, 0, columns), ...retries, barLine(tree, seconds)];
}

function instanceLines({ progress, parts }: ProgressTree, depth: number, columns: number): readonly string[] {
  const width = Math.max(...progress.instances.map(({ node }) => node.length), 0);
  return progress.instances.flatMap((instance) => {
    const part = parts.get(instance.id);
    return [
      instanceLine(instance, { width, depth, columns }),
      ...(part === undefined ? [] : instanceLines(part, depth + 1, columns)),
    ];
  });
}

type Layout = { readonly width: number; readonly depth: number; readonly columns: number };

function instanceLine(instance: InstanceProgress, { width, depth, columns }: Layout): string {
  const { node, state, operation, error } = instance;
  const name = `${node.padEnd(width)}  ${state}`;
  const now = operation === null ? '' : ` ${operation}`;
  const indent = '  '.repeat(depth + 1);
  const room = columns - `${indent}✗ ${name}${now} `.length;
  const wrong = error === null ? '' : outputStyle('red', ` ${cut(error, room)}`);
  return `${indent}${symbolOf(instance)} ${name}${outputStyle('dim', now)}${wrong}`;
}

function cut(text: string, room: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= room ? line : `${line.slice(0, Math.max(0, room - 1))}…`;
}

function symbolOf({ state, operation, error }: InstanceProgress): string {
  if (error !== null) return outputStyle('red', '✗');
  if (state === 'started') return outputStyle('green', '✓');
  const resting: readonly InstanceState[] = ['uninitialized', 'deleted'];
  if (resting.includes(state) && operation === null) return outputStyle('dim', '·');
  return outputStyle('yellow', '●');
}

function barLine(tree: ProgressTree, seconds: number): string {
  const { done, total } = countsOf(tree);
  const filled = total === 0 ? 0 : Math.round((done / total) * barWidth);
  const bar = '█'.repeat(filled) + outputStyle('dim', '░'.repeat(barWidth - filled));
  return `  ${bar} ${done}/${total} node instances  ${seconds.toFixed(0)} s`;
}
