import { styleText } from 'node:util';
import type { InstanceProgress } from '../../contracts/progress.ts';
import type { InstanceState } from '../../contracts/record.ts';
import { countsOf, type ProgressTree } from './progress-tree.ts';

const barWidth = 30;

/** The whole of an execution as lines: one an instance, components’ inside, and a bar. */
export function renderTree(tree: ProgressTree, seconds: number): readonly string[] {
  return [...instanceLines(tree, 0), barLine(tree, seconds)];
}

function instanceLines({ progress, parts }: ProgressTree, depth: number): readonly string[] {
  const width = Math.max(...progress.instances.map(({ node }) => node.length), 0);
  return progress.instances.flatMap((instance) => {
    const part = parts.get(instance.id);
    return [
      instanceLine(instance, width, depth),
      ...(part === undefined ? [] : instanceLines(part, depth + 1)),
    ];
  });
}

export function instanceLine(instance: InstanceProgress, width: number, depth: number): string {
  const { node, state, operation, error } = instance;
  const now = operation === null ? '' : styleText('dim', ` ${operation}`);
  const wrong = error === null ? '' : styleText('red', ` ${error}`);
  return `${'  '.repeat(depth + 1)}${symbolOf(instance)} ${node.padEnd(width)}  ${state}${now}${wrong}`;
}

function symbolOf({ state, operation, error }: InstanceProgress): string {
  if (error !== null) return styleText('red', '✗');
  if (state === 'started') return styleText('green', '✓');
  const resting: readonly InstanceState[] = ['uninitialized', 'deleted'];
  if (resting.includes(state) && operation === null) return styleText('dim', '·');
  return styleText('yellow', '●');
}

export function barLine(tree: ProgressTree, seconds: number): string {
  const { done, total } = countsOf(tree);
  const filled = total === 0 ? 0 : Math.round((done / total) * barWidth);
  const bar = '█'.repeat(filled) + styleText('dim', '░'.repeat(barWidth - filled));
  return `  ${bar} ${done}/${total} node instances  ${seconds.toFixed(0)} s`;
}
