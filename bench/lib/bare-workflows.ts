import { proxyActivities } from '@temporalio/workflow';
import pLimit from 'p-limit';

const { nothing } = proxyActivities<{ nothing(node: string): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

/** The floor: one activity a node, `window` at a time, and nothing kept of them. */
export async function wide(count: number, window: number): Promise<void> {
  const limit = pLimit(window);
  await Promise.all(Array.from({ length: count }, (_, index) => limit(() => nothing(`node_${index}`))));
}

/** One after another. */
export async function row(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await nothing(`node_${index}`);
}
